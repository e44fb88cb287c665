// The status of a run, in a word, a sign and a colour.
import type { RunStatusWord } from '../../viewer-protocol.js';

const SIGNS: Readonly<Record<RunStatusWord, string>> = {
  running: '\u25b6',
  waiting: '\u2026',
  completed: '\u2713',
  failed: '\u2717',
  cancelled: '\u25a0',
};

export function StatusBadge({ status }: { status: RunStatusWord }) {
  return (
    <span class={`badge status-${status}`}>
      <span aria-hidden="true">{SIGNS[status]}</span> {status}
    </span>
  );
}
