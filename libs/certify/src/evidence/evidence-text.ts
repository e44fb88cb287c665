// The evidence as a command prints it.
import type { Evidence, EvidenceFailure } from './evidence.js';

const INDENT = '  ';
/** Lines of the course and of the ledger that are printed; the bundle has all. */
const MOST_LINES = 40;

/** Some lines for a certificate, and the minimal case for one that failed. */
export function evidenceText(evidence: Evidence): string {
  const { flow, kind, counts, backend, seed, failure, notes } = evidence;
  const n = (name: string, word: string) => {
    const count = counts[name] ?? 0;
    return `${count} ${word}${count === 1 ? '' : 's'}`;
  };
  const summary =
    kind === 'idempotency'
      ? `${n('cases', 'case')} with ${n('faults', 'fault')} over ${n('inputs', 'input')}, ${n('effects_expected', 'effect')} to happen once; ${backend}, seed ${seed}`
      : `${n('executions', 'execution')} of ${n('inputs', 'input')}, ${n('invocations_compared', 'invocation')} compared; seed ${seed}`;
  const verdict =
    failure === undefined
      ? `${flow.name}: certified`
      : `${flow.name}: failed, in ${counts['cases_failed'] ?? 0} of ${n('cases', 'case')}`;
  const lines = [verdict, summary, ...notes.map((note) => `note: ${note}`)];
  if (failure !== undefined) lines.push('', ...failureLines(failure));
  return `${lines.join('\n')}\n`;
}

function failureLines(failure: EvidenceFailure): readonly string[] {
  const { code, message, fix, faults, inputs, timeline, ledger, commands, also } = failure;
  return [
    `${code}: ${message}`,
    '',
    'What was done',
    ...(faults.length === 0 ? ['no fault at all: the flow does this by itself'] : faults).map(
      (fault, index) => `${INDENT}${index + 1}. ${fault}`,
    ),
    'With',
    ...inputs.map(({ id, payload }) => `${INDENT}${id}  ${JSON.stringify(payload)}`),
    'Course',
    ...columns(timeline.map(({ ms, job, what, text }) => [`${ms.toFixed(1)} ms`, job, what, text])),
    ...(ledger.length === 0 ? [] : ['Ledger of effects']),
    ...columns(
      ledger.map(({ seq, job, node, effect, key, acted }) => [
        String(seq),
        String(job),
        String(node),
        String(effect),
        typeof key === 'string' ? `key ${key.slice(0, 12)}` : 'no key',
        acted === true ? 'acted' : 'known, nothing done',
      ]),
    ),
    'How to fix it',
    `${INDENT}${fix}`,
    ...(also.length === 0 ? [] : [`Also seen: ${also.join(', ')}`]),
    ...(commands.length === 0 ? [] : ['See it again']),
    ...commands.map((command) => `${INDENT}${command}`),
  ];
}

/** Lines whose parts stand below each other. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const shown = rows.slice(0, MOST_LINES);
  const widths: number[] = [];
  for (const row of shown) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const lines = shown.map((row) => {
    const cells = row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)));
    return `${INDENT}${cells.join('  ')}`;
  });
  const left = rows.length - shown.length;
  return left > 0 ? [...lines, `${INDENT}and ${left} more in the bundle`] : lines;
}
