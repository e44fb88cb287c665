// Where measurements go: three calls that any metrics library can serve.

export type MetricLabels = Readonly<Record<string, string>>;

export interface MetricsSink {
  /** Adds to a count that never falls. */
  counter(name: string, add: number, labels: MetricLabels): void;
  /** Sets a value that rises and falls. */
  gauge(name: string, value: number, labels: MetricLabels): void;
  /** Adds one observation to a distribution. */
  histogram(name: string, value: number, labels: MetricLabels): void;
}
