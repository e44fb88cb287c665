// The checks of the ledger: what each invocation did, against what it does without faults.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { inputOfJob } from '../cases/certify-case.js';
import type { EffectCall } from '../world/effect-call.js';
import type { CaseRecord } from './case-record.js';
import { deedOf, effectGroups } from './effect-groups.js';
import type { Reference } from './reference.js';
import type { Violation } from './violation.js';

type Deeds = ReadonlyMap<string, readonly EffectCall[]>;

export function judgeEffects(
  { effects, ends }: CaseRecord,
  references: readonly Reference[],
): readonly Violation[] {
  const groups = effectGroups(effects);
  const violations: Violation[] = [];
  const known = new Set<string>();
  for (const { input, groups: expected, end, loose } of references) {
    const jobs = ends.filter(({ job }) => inputOfJob(job) === input.id);
    // A job with another end is told of by itself, and what an edge lets go is no loss.
    const mayLack = jobs.some(
      ({ status, unknown, absorbed }) => unknown || (status !== end.status && !absorbed),
    );
    for (const [name, wanted] of expected) {
      known.add(name);
      const found = groups.get(name) ?? [];
      const isLoose = loose.has(name);
      violations.push(...judgeGroup(deedsOf(wanted, isLoose), deedsOf(found, isLoose), mayLack));
    }
  }
  for (const [name, found] of groups) {
    if (!known.has(name)) violations.push(invented(found));
  }
  return [...violations, ...late(effects)];
}

function deedsOf(effects: readonly EffectCall[], loose: boolean): Deeds {
  const deeds = new Map<string, EffectCall[]>();
  for (const effect of effects) {
    const name = deedOf(effect, loose);
    deeds.set(name, [...(deeds.get(name) ?? []), effect]);
  }
  return deeds;
}

/** The effects of one node under one key. */
function judgeGroup(wanted: Deeds, found: Deeds, mayLack: boolean): Violation[] {
  const violations: Violation[] = [];
  for (const [deed, expected] of wanted) {
    const got = found.get(deed) ?? [];
    const [first] = expected;
    if (got.length === 0) {
      if (!mayLack) violations.push(lost(first!, deed));
      continue;
    }
    const times = got.filter(({ acted }) => acted).length;
    if (contentsOf(got).size > contentsOf(expected).size) violations.push(differs(got, deed));
    else if (isCounted(first!) && times > expected.length) {
      violations.push(repeated(got, deed, times, expected.length));
    }
  }
  for (const [deed, got] of found) if (!wanted.has(deed)) violations.push(unasked(got, deed));
  return violations;
}

function contentsOf(effects: readonly EffectCall[]): ReadonlySet<string> {
  return new Set(effects.map(({ content }) => content));
}

/** Each one counts, and the receiver cannot tell a repeat. */
function isCounted({ kind, carriesKey }: EffectCall): boolean {
  return kind === 'event' && !carriesKey;
}

function violation(finding: Diagnostic, effects: readonly EffectCall[]): Violation {
  const { job, node } = effects[0]!;
  return { finding, node, job, effects };
}

const nodeText = ({ node, compensation }: EffectCall) =>
  compensation ? `that undoes ${node}` : node;

function repeated(
  got: readonly EffectCall[],
  deed: string,
  times: number,
  expected: number,
): Violation {
  const node = nodeText(got[0]!);
  const key = got[0]!.key === undefined ? 'declares no idempotency key' : 'does not send its key';
  return violation(diagnostic.CERT001({ node, effect: deed, times, expected, key }), got);
}

function differs(got: readonly EffectCall[], deed: string): Violation {
  const [first] = got;
  const other = got.find(({ content }) => content !== first!.content)!;
  const says = ({ preview, target }: EffectCall) => preview || target;
  const params = { node: nodeText(other), effect: deed, one: says(first!), other: says(other) };
  return violation(diagnostic.CERT002(params), got);
}

function lost(expected: EffectCall, deed: string): Violation {
  const params = { node: nodeText(expected), effect: deed, job: expected.job };
  const finding = expected.compensation
    ? diagnostic.CERT007({ ...params, node: expected.node })
    : diagnostic.CERT003(params);
  return { finding, node: expected.node, job: expected.job, effects: [] };
}

function unasked(got: readonly EffectCall[], deed: string): Violation {
  const { job } = got[0]!;
  return violation(diagnostic.CERT004({ node: nodeText(got[0]!), effect: deed, job }), got);
}

function invented(found: readonly EffectCall[]): Violation {
  return unasked(found, deedOf(found[0]!));
}

/** Effects that came after their handler had ended: one for each node. */
function late(effects: readonly EffectCall[]): Violation[] {
  const found = new Map<string, EffectCall>();
  for (const effect of effects) {
    if (effect.late && !found.has(effect.node)) found.set(effect.node, effect);
  }
  return [...found.values()].map((effect) =>
    violation(
      diagnostic.CERT008({ node: nodeText(effect), effect: deedOf(effect), job: effect.job }),
      [effect],
    ),
  );
}
