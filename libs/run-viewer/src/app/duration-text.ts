// Times for people.

/** A span of time, such as "830 us" (with the micro sign), "12.4 ms", "3.20 s" or "2 min 05 s". */
export function durationText(ms: number): string {
  if (ms < 0.0005) return '0 ms';
  if (ms < 1) return `${Math.round(ms * 1000)} \u00b5s`;
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${padded(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${padded(Math.floor((seconds % 3600) / 60))} min`;
}

/** How long ago something was, such as "12 s ago". */
export function agoText(ms: number): string {
  if (ms < 1500) return 'just now';
  if (ms < 60_000) return `${Math.round(ms / 1000)} s ago`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min ago`;
  if (ms < 86_400_000) return `${Math.round(ms / 3_600_000)} h ago`;
  return `${Math.round(ms / 86_400_000)} days ago`;
}

/** A point in time on the clock of the reader. */
export function clockText(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

function padded(number: number): string {
  return String(number).padStart(2, '0');
}
