// Where measurements go. A series, one metric with one set of labels, is asked for once and kept, so
// that a measurement costs no more than a call.

export type MetricLabels = Readonly<Record<string, string>>;

/** A count that never falls. */
export interface CounterSeries {
  add(count: number): void;
}

/** A value that rises and falls. */
export interface GaugeSeries {
  set(value: number): void;
}

/** A distribution. */
export interface HistogramSeries {
  observe(value: number): void;
}

/** Any metrics library can serve it. Equal names and labels are one series. */
export interface MetricsSink {
  counter(name: string, labels: MetricLabels): CounterSeries;
  gauge(name: string, labels: MetricLabels): GaugeSeries;
  histogram(name: string, labels: MetricLabels): HistogramSeries;
}
