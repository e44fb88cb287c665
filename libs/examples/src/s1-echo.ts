// S1, echo: the smallest useful flow. A text comes in over HTTP, trimmed and in lower case it goes out.
import { defineFlow, t } from '@basalt/flow-dsl';

const Message = t.Object({ text: t.String() });

export const s1Echo = defineFlow(
  's1_echo',
  { version: '1.0.0', profile: 'web', summary: 'Trim and lower-case a text' },
  (f) => {
    const trigger = f.trigger('trigger', {
      output: Message,
      http: { method: 'POST', route: '/echo' },
      deadlineMs: 250,
    });
    const normalize = f.inline('normalize', {
      input: Message,
      output: Message,
      effects: 'pure',
      determinism: 'strict',
      run: ({ text }) => ({ text: text.trim().toLowerCase() }),
    });
    const respond = f.inline('respond', {
      input: Message,
      output: Message,
      effects: 'pure',
      determinism: 'strict',
      run: (message) => message,
    });
    f.connect(trigger, normalize);
    f.connect(normalize, respond);
    f.capture(trigger, respond);
  },
);
