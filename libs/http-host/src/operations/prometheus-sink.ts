// Measurements of executions for Prometheus. Counts and levels are plain numbers that prom-client
// reads when it is scraped, so that a measurement costs one lookup.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricsSink } from '@basalt/executor';

type Labels = Readonly<Record<string, string>>;

/** Upper bounds of the buckets of every distribution of times, in milliseconds. */
export const LATENCY_BUCKETS_MS = [
  0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
] as const;

interface Cell {
  readonly labels: Labels;
  value: number;
}

interface Observes {
  observe(value: number): void;
}

/** `basalt.host.http_requests_total` as Prometheus writes it: `basalt_host_http_requests_total`. */
export function prometheusName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

export class PrometheusSink implements MetricsSink {
  readonly #registry: Registry;
  readonly #help: Readonly<Record<string, string>>;
  readonly #numbers = new Map<string, Map<string, Cell>>();
  readonly #histograms = new Map<string, Map<string, Observes>>();

  /** @param help What each metric says, by its name. Label names are those of its first measurement. */
  constructor(registry: Registry, help: Readonly<Record<string, string>> = {}) {
    this.#registry = registry;
    this.#help = help;
  }

  counter(name: string, add: number, labels: Labels): void {
    this.#cell('counter', name, labels).value += add;
  }

  gauge(name: string, value: number, labels: Labels): void {
    this.#cell('gauge', name, labels).value = value;
  }

  histogram(name: string, value: number, labels: Labels): void {
    let children = this.#histograms.get(name);
    if (children === undefined) {
      children = new Map();
      this.#histograms.set(name, children);
    }
    const key = keyOf(labels);
    let child = children.get(key);
    if (child === undefined) {
      child = this.#histogramOf(name, labels).labels(labels);
      children.set(key, child);
    }
    child.observe(value);
  }

  #cell(kind: 'counter' | 'gauge', name: string, labels: Labels): Cell {
    let cells = this.#numbers.get(name);
    if (cells === undefined) {
      cells = new Map();
      this.#numbers.set(name, cells);
      this.#register(kind, name, Object.keys(labels), cells);
    }
    const key = keyOf(labels);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { labels, value: 0 };
      cells.set(key, cell);
    }
    return cell;
  }

  #register(
    kind: 'counter' | 'gauge',
    name: string,
    labelNames: string[],
    cells: ReadonlyMap<string, Cell>,
  ): void {
    const settings = { ...this.#named(name), labelNames, registers: [this.#registry] };
    if (kind === 'gauge') {
      const gauge: Gauge = new Gauge({
        ...settings,
        collect: () => {
          for (const { labels, value } of cells.values()) gauge.set(labels, value);
        },
      });
      return;
    }
    const counter: Counter = new Counter({
      ...settings,
      collect: () => {
        counter.reset();
        for (const { labels, value } of cells.values()) counter.inc(labels, value);
      },
    });
  }

  #histogramOf(name: string, labels: Labels): Histogram {
    const known = this.#registry.getSingleMetric(prometheusName(name));
    if (known !== undefined) return known as Histogram;
    return new Histogram({
      ...this.#named(name),
      labelNames: Object.keys(labels),
      buckets: [...LATENCY_BUCKETS_MS],
      registers: [this.#registry],
    });
  }

  #named(name: string): { name: string; help: string } {
    return { name: prometheusName(name), help: this.#help[name] ?? name };
  }
}

function keyOf(labels: Labels): string {
  let key = '';
  for (const name in labels) key += `${labels[name]}\u0000`;
  return key;
}
