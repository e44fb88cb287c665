// How a report shows samples: the median, and the 10th to the 90th percentile.

/** Of at least one sample. */
export function spreadText(samples: readonly number[], digits: number): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(digits);
  return `${at(0.5)} (${at(0.1)} - ${at(0.9)})`;
}
