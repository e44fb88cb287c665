// Measurements for Prometheus. They are plain numbers here, which prom-client reads when it is
// scraped, so that a measurement costs an addition and not a walk through its labels.
import type { MetricsSink } from '@basalt/executor';
import type { Metric, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;
type Kind = 'counter' | 'gauge' | 'histogram';

/** Upper bounds of the buckets of every distribution of times, in milliseconds. */
export const LATENCY_BUCKETS_MS = [
  0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
] as const;

/** One count or level. */
export class NumberSeries {
  value = 0;

  constructor(readonly labels: Labels) {}

  add(count: number): void {
    this.value += count;
  }

  set(value: number): void {
    this.value = value;
  }
}

/** One distribution. */
export class TimeSeries {
  readonly labels: Labels;
  /** How many observations fell into each bucket, and beyond the last. */
  readonly #counts = new Float64Array(LATENCY_BUCKETS_MS.length + 1);
  #sum = 0;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  observe(ms: number): void {
    let bucket = 0;
    while (bucket < LATENCY_BUCKETS_MS.length && ms > LATENCY_BUCKETS_MS[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#sum += ms;
  }

  samples(name: string): Sample[] {
    let count = 0;
    const samples: Sample[] = LATENCY_BUCKETS_MS.map((le, bucket) => {
      count += this.#counts[bucket]!;
      return { metricName: `${name}_bucket`, labels: { le, ...this.labels }, value: count };
    });
    count += this.#counts[LATENCY_BUCKETS_MS.length]!;
    const labels = { le: '+Inf', ...this.labels };
    samples.push({ metricName: `${name}_bucket`, labels, value: count });
    samples.push({ metricName: `${name}_sum`, labels: this.labels, value: this.#sum });
    samples.push({ metricName: `${name}_count`, labels: this.labels, value: count });
    return samples;
  }
}

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** `basalt.host.http_requests_total` as Prometheus writes it: `basalt_host_http_requests_total`. */
export function prometheusName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

export class PrometheusSink implements MetricsSink {
  readonly #registry: Registry;
  readonly #help: Readonly<Record<string, string>>;
  readonly #numbers = new Map<string, Map<string, NumberSeries>>();
  readonly #times = new Map<string, Map<string, TimeSeries>>();

  /** @param help What each metric says, by its name. */
  constructor(registry: Registry, help: Readonly<Record<string, string>> = {}) {
    this.#registry = registry;
    this.#help = help;
  }

  counter(name: string, labels: Labels): NumberSeries {
    return this.#number('counter', name, labels);
  }

  gauge(name: string, labels: Labels): NumberSeries {
    return this.#number('gauge', name, labels);
  }

  histogram(name: string, labels: Labels): TimeSeries {
    let all = this.#times.get(name);
    if (all === undefined) {
      const made = (all = new Map<string, TimeSeries>());
      this.#times.set(name, made);
      const samples = (metric: string) => [...made.values()].flatMap((one) => one.samples(metric));
      this.#register('histogram', name, samples);
    }
    const key = keyOf(labels);
    let series = all.get(key);
    if (series === undefined) {
      series = new TimeSeries(labels);
      all.set(key, series);
    }
    return series;
  }

  #number(kind: 'counter' | 'gauge', name: string, labels: Labels): NumberSeries {
    let all = this.#numbers.get(name);
    if (all === undefined) {
      const made = (all = new Map<string, NumberSeries>());
      this.#numbers.set(name, made);
      this.#register(kind, name, () => [...made.values()]);
    }
    const key = keyOf(labels);
    let series = all.get(key);
    if (series === undefined) {
      series = new NumberSeries(labels);
      all.set(key, series);
    }
    return series;
  }

  #register(type: Kind, given: string, samples: (name: string) => readonly Sample[]): void {
    const name = prometheusName(given);
    const help = this.#help[given] ?? given;
    const get = () =>
      Promise.resolve({ name, help, type, aggregator: 'sum', values: samples(name) });
    // The registry asks its metrics for no more than their name and this.
    this.#registry.registerMetric({ name, get } as unknown as Metric);
  }
}

function keyOf(labels: Labels): string {
  let key = '';
  for (const name in labels) key += `${labels[name]}\u0000`;
  return key;
}
