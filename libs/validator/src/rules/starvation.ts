// DAG214: a join, merge or zip gets a message from every source that it waits for.
import { diagnostic } from '@basalt/diagnostics';
import { activationOf, type Activation } from '../activation.js';
import { counterexample, or, type Condition, type Term } from '../condition.js';
import type { FlowIndex, IndexedSurface } from '../flow-index.js';
import type { Rule } from '../rule.js';

type Gathering = IndexedSurface<'join' | 'merge' | 'zip'>;

/**
 * Sources that send nothing in an execution in which another source of the same surface sends: they
 * stand on another branch of an if or switch, behind another trigger, in the body of a for_each, after
 * a node whose failures are dropped or handled elsewhere, or behind an edge that drops messages. A
 * join that fires with what is available or has a time limit, a merge, and a zip that drops what is
 * left over do not wait for ever; of the latter two, only a source that nothing reaches is reported.
 */
export const starvation: Rule = {
  name: 'starvation',
  codes: ['DAG214'],
  check({ index, atSurface, report }) {
    const gathering: readonly Gathering[] = [
      ...index.surfacesOf('join'),
      ...index.surfacesOf('merge'),
      ...index.surfacesOf('zip'),
    ];
    if (gathering.length === 0) return;
    const activation = activationOf(index);
    if (activation === undefined) return;
    for (const surface of [...gathering].sort((a, b) => a.position - b.position)) {
      for (const { source, nth, reason } of starving(index, activation, surface)) {
        const { target } = surface.config!;
        const params = { surface: surface.surface.id, target, source, reason };
        report(diagnostic.DAG214(params, atSurface(surface, 'config', 'sources', nth)));
      }
    }
  },
};

interface Starving {
  readonly source: string;
  readonly nth: number;
  readonly reason: string;
}

function starving(
  index: FlowIndex,
  activation: Activation,
  surface: Gathering,
): readonly Starving[] {
  if (surface.config === undefined) return [];
  const { sources, target } = surface.config;
  const arrivals = sources.map((source): Condition => {
    const edge = index.edge(source, target);
    return edge === undefined ? 'unknown' : activation.ofEdge(edge);
  });
  const any = or(arrivals);
  const waits = waitsForAll(surface);
  return sources.flatMap((source, nth): Starving[] => {
    const arrival = arrivals[nth]!;
    const unreached = arrival.length === 0;
    if (!waits && !unreached) return [];
    const missing = counterexample(any, arrival);
    return missing === undefined ? [] : [{ source, nth, reason: reasonOf(arrival, missing) }];
  });
}

function waitsForAll({ kind, config }: Gathering): boolean {
  switch (kind) {
    case 'join':
      return config?.mode === 'all' && config.timeout_ms === undefined;
    case 'zip':
      return config?.on_uneven === 'fail';
    case 'merge':
      return false;
  }
}

function reasonOf(arrival: Condition, missing: Term): string {
  if (arrival === 'unknown' || arrival.length === 0) return 'no trigger reaches it';
  if (missing.length > 0) return `it sends nothing when ${inWords(missing)}`;
  return `it only sends when ${arrival.map(inWords).join(', or ')}`;
}

function inWords(term: Term): string {
  return term.map(({ text }) => text).join(' and ');
}
