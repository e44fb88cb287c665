// Human approval: small expenses pass, larger ones wait for a person's decision, for a day at most.
import { defineFlow, t } from '@basalt/flow-dsl';

const Expense = t.Object({ id: t.String(), amount: t.Number({ minimum: 0 }) });
const Assessed = t.Object({ id: t.String(), amount: t.Number(), needs_approval: t.Boolean() });
const Decision = t.Object({ approved: t.Boolean(), by: t.String() });
const Outcome = t.Object({ id: t.String(), status: t.String(), by: t.String() });

const pure = { effects: 'pure', determinism: 'strict' } as const;
const LIMIT = 100;

export const humanApproval = defineFlow(
  'human_approval',
  { version: '1.0.0', profile: 'dev', summary: 'Large expenses wait for a decision' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Expense });
    const assess = f.inline('assess', {
      ...pure,
      input: Expense,
      output: Assessed,
      run: (expense) => ({ ...expense, needs_approval: expense.amount > LIMIT }),
    });
    const ask = f.inline('ask', { ...pure, input: Assessed, output: Assessed, run: (e) => e });
    const accept = f.inline('accept', {
      ...pure,
      input: Assessed,
      output: Outcome,
      run: ({ id }) => ({ id, status: 'approved', by: 'rule' }),
    });
    const decide = f.inline('decide', {
      ...pure,
      input: t.Resumed(Decision, Assessed),
      output: Outcome,
      run: ({ event, input }) => ({
        id: input.id,
        status: event.approved ? 'approved' : 'refused',
        by: event.by,
      }),
    });
    const expire = f.inline('expire', {
      ...pure,
      input: t.Object({ input: Assessed }),
      output: Outcome,
      run: ({ input }) => ({ id: input.id, status: 'expired', by: 'clock' }),
    });
    const respond = f.inline('respond', {
      ...pure,
      input: Outcome,
      output: Outcome,
      run: (o) => o,
    });

    f.connect(trigger, assess);
    f.if(assess, '/needs_approval', { then: ask, else: accept });
    f.await(ask, decide, {
      checkpoint: 'approval',
      correlationKey: '/id',
      event: Decision,
      timeoutMs: 86_400_000,
      onTimeout: expire,
      summary: 'A person decides about the expense',
    });
    f.merge([accept, decide, expire], respond);
    f.capture(trigger, respond);
  },
);
