// A difference for people: one line a change, and what it means.
import type { FlowChange, FlowDiff } from './diff-flows.js';
import { printable } from '@basalt/diagnostics';

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

const MEANINGS = {
  continue: 'executions under way can continue on the new flow',
  pin: 'executions that reached a changed part must finish on the old flow',
  refuse: 'the new flow must not run while executions of the old one can',
} as const;

/** The difference as text: the verdict, then the changes, those with the worst verdict first. */
export function formatDiff(diff: FlowDiff): string {
  if (diff.changes.length === 0) return 'The flows are the same.\n';
  const head = `${diff.verdict}: ${MEANINGS[diff.verdict]}\n`;
  const same = diff.sameMeaning ? 'The flows do the same; only descriptions differ.\n' : '';
  const order = ['refuse', 'pin', 'continue'] as const;
  const lines = order.flatMap((verdict) =>
    diff.changes.filter((change) => change.verdict === verdict).map(formatChange),
  );
  return `${head}${same}\n${lines.join('\n')}\n`;
}

function formatChange(change: FlowChange): string {
  const name = change.name === '' ? '' : ` ${printable(change.name)}`;
  const where = `${change.part}${name} (${printable(change.pointer)})`;
  const whole = typeof (change.after ?? change.before) === 'object';
  const values =
    change.kind !== 'changed' && whole ? '' : `: ${show(change.before)} -> ${show(change.after)}`;
  return `${SIGNS[change.kind]} ${where}${values}\n    ${change.verdict}: ${change.reason}`;
}

function show(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return printable(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
