// What control surfaces say in a picture: labels on edges and notes on nodes. Configurations may not
// have been checked yet, so any part of one may be missing or of a wrong type.
import type { ControlSurfaceIR, SurfaceKind } from './flow-ir.js';

type Config = Readonly<Record<string, unknown>>;

/** The labels of edges and the notes of nodes, gathered from all surfaces of a flow. */
export class SurfaceLabels {
  readonly #edges = new Map<string, string[]>();
  readonly #nodes = new Map<string, string[]>();

  constructor(surfaces: readonly ControlSurfaceIR[]) {
    for (const surface of surfaces) {
      DESCRIBERS[surface.kind](this, mapOf(surface.config), surface.targets);
    }
  }

  ofEdge(from: string, to: string): readonly string[] {
    return this.#edges.get(JSON.stringify([from, to])) ?? [];
  }

  ofNode(alias: string): readonly string[] {
    return this.#nodes.get(alias) ?? [];
  }

  edge(from: unknown, to: unknown, text: string): void {
    if (typeof from !== 'string' || typeof to !== 'string') return;
    append(this.#edges, JSON.stringify([from, to]), text);
  }

  node(alias: unknown, text: string): void {
    if (typeof alias === 'string') append(this.#nodes, alias, text);
  }
}

type Describe = (labels: SurfaceLabels, config: Config, targets: readonly string[]) => void;

const gather =
  (word: string): Describe =>
  (labels, { sources, target }) => {
    for (const alias of listOf(sources)) labels.edge(alias, target, word);
  };

const DESCRIBERS: Readonly<Record<SurfaceKind, Describe>> = {
  if: (labels, config) => {
    const pointer = textOf(config['selector_pointer']);
    labels.edge(config['source'], config['then'], `${pointer} is true`.trim());
    labels.edge(config['source'], config['else'], `${pointer} is false`.trim());
  },
  switch: (labels, config) => {
    const pointer = textOf(config['selector_pointer']);
    for (const [word, alias] of Object.entries(mapOf(config['cases']))) {
      labels.edge(config['source'], alias, `${pointer} = ${JSON.stringify(word)}`.trim());
    }
    labels.edge(config['source'], config['default'], 'otherwise');
  },
  for_each: (labels, config) => {
    const items = textOf(config['items_pointer']) || 'the items';
    labels.edge(config['source'], config['body_entry'], `each of ${items}`);
    labels.edge(config['body_exit'], config['collect'], 'all results');
  },
  loop: (labels, config) => {
    const bound = textOf(config['max_iterations']);
    labels.edge(config['source'], config['body_entry'], `again, at most ${bound} times`);
    labels.edge(config['source'], config['exit'], 'done');
  },
  window: (labels, config, targets) => {
    const target = config['target'] ?? targets[0];
    const type = textOf(config['type']) || 'tumbling';
    labels.node(target, `${type} window of ${textOf(config['size_ms'])} ms`);
    labels.edge(target, config['late'], 'late');
  },
  partition: (labels, config) => {
    const { from, to } = mapOf(config['edge']);
    labels.edge(from, to, `by ${textOf(config['key'])}`);
  },
  timeout: (labels, config) => {
    for (const alias of listOf(config['nodes'])) {
      labels.node(alias, `timeout ${textOf(config['timeout_ms'])} ms`);
      labels.edge(alias, config['handler'], 'on timeout');
    }
  },
  rate_limit: (labels, config) => {
    const { target, qps, burst } = config;
    labels.node(target, `${textOf(qps)} a second, burst ${textOf(burst)}`);
  },
  error_handler: (labels, config) => {
    for (const alias of listOf(mapOf(config['scope'])['nodes'])) {
      labels.node(alias, `on error: ${textOf(config['strategy'])}`);
      labels.edge(alias, config['handler'], 'on error');
    }
  },
  join: gather('join'),
  merge: gather('merge'),
  zip: gather('zip'),
  await: (labels, config, targets) => {
    const source = config['source'] ?? targets[0];
    labels.edge(
      source,
      config['target'] ?? targets[1],
      `awaits ${textOf(config['correlation_key'])}`,
    );
    labels.edge(source, config['on_timeout'], 'on timeout');
  },
};

function append(map: Map<string, string[]>, key: string, text: string): void {
  const list = map.get(key);
  if (list) list.push(text);
  else map.set(key, [text]);
}

function mapOf(value: unknown): Config {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Config) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
