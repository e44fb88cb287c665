// The summary of one execution or of a burst, for people.
import type { RunSummary } from '@basalt/executor';

/** One summary over several executions: the longest duration, counts added, times averaged. */
export function mergeSummaries(summaries: readonly RunSummary[]): RunSummary {
  const nodes = new Map<string, { invocations: number; total: number }>();
  const errors = new Map<string, RunSummary['errors'][number]>();
  for (const summary of summaries) {
    for (const { alias, invocations, avg_ms } of summary.nodes) {
      const seen = nodes.get(alias) ?? { invocations: 0, total: 0 };
      seen.invocations += invocations;
      seen.total += invocations * avg_ms;
      nodes.set(alias, seen);
    }
    for (const error of summary.errors) {
      const key = `${error.alias} ${error.error_kind}`;
      const count = (errors.get(key)?.count ?? 0) + error.count;
      errors.set(key, { ...error, count });
    }
  }
  return {
    duration_ms: Math.max(...summaries.map(({ duration_ms }) => duration_ms)),
    nodes: [...nodes].map(([alias, { invocations, total }]) => ({
      alias,
      invocations,
      avg_ms: invocations === 0 ? 0 : total / invocations,
    })),
    errors: [...errors.values()],
  };
}

/** A few lines of text. */
export function describeSummary(summary: RunSummary, runs: number): string {
  const width = Math.max(0, ...summary.nodes.map(({ alias }) => alias.length));
  const count = runs === 1 ? '' : ` for ${runs} executions`;
  const lines = [`${milliseconds(summary.duration_ms)}${count}`];
  for (const { alias, invocations, avg_ms } of summary.nodes) {
    lines.push(`  ${alias.padEnd(width)}  ${invocations} x ${milliseconds(avg_ms)}`);
  }
  for (const { alias, error_kind, count: times } of summary.errors) {
    lines.push(`  ${alias.padEnd(width)}  ${times} x ${error_kind}`);
  }
  return `${lines.join('\n')}\n`;
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}
