// Compares a case with what its inputs do without faults: each effect once and with the same content,
// nothing lost, nothing invented, equal results, complete compensation.
import { diagnostic } from '@basalt/diagnostics';
import { hashValue, type FlowIR } from '@basalt/ir';
import { inputOfJob, type CertifyCase } from '../cases/certify-case.js';
import type { JobEnd } from '../cases/job-end.js';
import { valueText } from '../evidence/value-text.js';
import type { CaseRecord } from './case-record.js';
import { judgeEffects } from './judge-effects.js';
import type { Reference } from './reference.js';
import type { Violation } from './violation.js';

/** What is wrong; empty when all is well. @param references of all inputs of the case, by their ids. */
export function judgeCase(
  given: CertifyCase,
  record: CaseRecord,
  references: ReadonlyMap<string, Reference>,
  flow: FlowIR,
): readonly Violation[] {
  const own = given.inputs.map(({ id }) => references.get(id)!);
  const ends = record.ends.flatMap((end) => {
    const reference = references.get(inputOfJob(end.job))!;
    return [...judgeResults(end, reference, flow), ...judgeEnd(end, reference)];
  });
  return [...judgeEffects(record, own), ...ends];
}

/** Nodes that promise equal outputs for equal inputs. */
const EXACT: ReadonlySet<string> = new Set(['strict', 'stable']);

function judgeResults(end: JobEnd, { end: expected }: Reference, flow: FlowIR): Violation[] {
  const exact = new Set(
    flow.nodes.flatMap(({ alias, determinism, effects }) =>
      EXACT.has(determinism) && effects === 'pure' ? [alias] : [],
    ),
  );
  for (const found of end.results) {
    if (!exact.has(found.node)) continue;
    const same = expected.results.filter(
      ({ node, input }) => node === found.node && input === found.input,
    );
    if (same.length === 0 || same.some(({ output }) => output === found.output)) continue;
    const { node } = found;
    const params = { who: `Node ${node}`, job: end.job, expected: same[0]!.text, got: found.text };
    return [{ finding: diagnostic.CERT005(params), node, job: end.job, effects: [] }];
  }
  return [];
}

function judgeEnd(end: JobEnd, { end: expected, varies }: Reference): Violation[] {
  const { job, status } = end;
  const violation = (finding: Violation['finding']) => [{ finding, node: '', job, effects: [] }];
  if (status === 'unfinished') {
    return violation(diagnostic.CERT006({ job, end: 'has not ended', expected: expected.status }));
  }
  // What was dropped as declared leaves no result, or a part of one.
  if (end.absorbed || end.unknown) return [];
  if (status !== expected.status) {
    const why = end.reason === undefined ? '' : ` (${end.reason.code}: ${end.reason.message})`;
    const params = { job, end: `has ${status}${why}`, expected: expected.status };
    return violation(diagnostic.CERT006(params));
  }
  if (varies || status !== 'completed' || hashOf(end) === hashOf(expected)) return [];
  const params = {
    who: 'The flow',
    job,
    expected: valueText(expected.output),
    got: valueText(end.output),
  };
  return violation(diagnostic.CERT005(params));
}

function hashOf({ output }: JobEnd): string {
  return output === undefined ? '' : hashValue(output);
}
