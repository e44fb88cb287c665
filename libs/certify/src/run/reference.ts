// What an input does when nothing goes wrong: the measure of every case that it is part of.
import type { CaseInput } from '../cases/certify-case.js';
import { hashValue } from '@basalt/ir';
import type { JobEnd } from '../cases/job-end.js';
import type { EffectCall } from '../world/effect-call.js';
import { deedOf, effectGroups } from './effect-groups.js';
import type { CaseRecord } from './case-record.js';
import { runCase, type CaseSetting } from './case-run.js';

export interface Reference {
  readonly input: CaseInput;
  readonly end: JobEnd;
  /** Its effects, by what has to act once. */
  readonly groups: ReadonlyMap<string, readonly EffectCall[]>;
  /** Those whose effects have other names in every execution. */
  readonly loose: ReadonlySet<string>;
  readonly record: CaseRecord;
  /** Two executions without any fault ended with different results. */
  readonly varies: boolean;
}

/** Executes an input twice, each in a world of its own. */
export async function makeReference(input: CaseInput, setting: CaseSetting): Promise<Reference> {
  const record = await runCase({ inputs: [input], injections: [] }, setting);
  const second = await runCase({ inputs: [input], injections: [] }, setting);
  const groups = effectGroups(record.effects);
  const others = effectGroups(second.effects);
  const loose = [...groups].filter(([name, effects]) => {
    return deedsText(effects) !== deedsText(others.get(name) ?? []);
  });
  const [end] = record.ends;
  const [again] = second.ends;
  return {
    input,
    end: end!,
    groups,
    loose: new Set(loose.map(([name]) => name)),
    record,
    varies: outcomeOf(end!) !== outcomeOf(again!),
  };
}

function deedsText(effects: readonly EffectCall[]): string {
  return [...new Set(effects.map((effect) => deedOf(effect)))].sort().join('\n');
}

function outcomeOf({ status, output, reason }: JobEnd): string {
  return `${status} ${reason?.code ?? ''} ${output === undefined ? '' : hashValue(output)}`;
}

/** Whether two inputs have nothing in common that acts once: else one is a repeat of the other. */
export function areIndependent(a: Reference, b: Reference): boolean {
  return ![...a.groups.keys()].some((group) => b.groups.has(group));
}
