// The few statistics that the bench prints.

/** Of at least one sample: count, median, and the 10th and 90th percentile. */
export function summarize(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    n: sorted.length,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.1),
    high: quantile(sorted, 0.9),
  };
}

/** Linear interpolation between the nearest ranks of an ascending list. */
export function quantile(sorted, q) {
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const rest = at - below;
  return rest === 0 ? sorted[below] : sorted[below] + (sorted[below + 1] - sorted[below]) * rest;
}
