// lcod://tooling/registry/index@0.1.0 and select@0.1.0: what the lines of registries list, and which version of it
// a range means: the highest one that fits, of the registry with the lowest priority that has it.
import type { Value } from '@basalt/ir';
import { defineContract } from '../contracts/define-contract.js';
import { splitVersion } from '../descriptors/component-id.js';
import { isMap, type ValueMap } from '../document/plain-values.js';
import { highestOf } from '../resolver/pick-version.js';
import type { State } from '../run/state.js';

/** Priority of a registry that names none; the lower one wins. */
const DEFAULT_PRIORITY = 100;

export interface RegistryIndex {
  readonly registries: readonly ValueMap[];
  readonly entries: readonly ValueMap[];
  /** Entries by id without version, in the order of priorities, then from the highest version down. */
  readonly packages: ValueMap;
  readonly errors: readonly string[];
}

/** Indexes sources {registryId, priority, defaults, jsonl | lines}. Lines that are not understood are told
 * in `errors`. */
export function indexRegistries(sources: readonly Value[]): RegistryIndex {
  const indexer = new RegistryIndexer();
  for (const [i, source] of sources.entries()) indexer.source(source, i);
  return indexer.result();
}

class RegistryIndexer {
  private readonly registries = new Map<string, ValueMap>();
  private readonly entries: (ValueMap & { readonly priority: number; readonly order: number })[] =
    [];
  private readonly errors: string[] = [];

  source(source: Value, i: number): void {
    const id = isMap(source) ? source['registryId'] : undefined;
    if (!isMap(source) || typeof id !== 'string' || id === '') {
      this.errors.push(`Source ${i}: it has no registryId.`);
      return;
    }
    const priority = wholeOr(source['priority'], DEFAULT_PRIORITY);
    const defaults = isMap(source['defaults']) ? source['defaults'] : {};
    this.registries.set(id, { ...defaults, ...this.registries.get(id), id, priority });
    for (const [n, line] of this.lines(source, id)) this.line(line, id, priority, n);
  }

  result(): RegistryIndex {
    const { errors } = this;
    const registries = [...this.registries.values()].sort(
      (a, b) => (a['priority'] as number) - (b['priority'] as number),
    );
    const entries = this.entries.sort((a, b) => a.priority - b.priority || a.order - b.order);
    const packages = new Map<string, ValueMap[]>();
    for (const entry of entries) {
      const [base] = splitVersion(entry['id'] as string);
      packages.set(base, [...(packages.get(base) ?? []), entry]);
    }
    return { registries, entries, packages: Object.fromEntries(packages), errors };
  }

  private lines(source: ValueMap, id: string): readonly (readonly [number, Value])[] {
    if (Array.isArray(source['lines'])) {
      return (source['lines'] as readonly Value[]).map((line, n) => [n + 1, line]);
    }
    const text = typeof source['jsonl'] === 'string' ? source['jsonl'] : '';
    return text.split(/\r?\n/).flatMap((line, n): readonly (readonly [number, Value])[] => {
      if (line.trim() === '') return [];
      try {
        return [[n + 1, JSON.parse(line) as Value]];
      } catch (error) {
        this.errors.push(`${id}, line ${n + 1}: ${(error as Error).message}.`);
        return [];
      }
    });
  }

  private line(line: Value, registryId: string, priority: number, n: number): void {
    const kind = isMap(line) ? (line['kind'] ?? line['type']) : undefined;
    if (isMap(line) && kind === 'registry') {
      const id = typeof line['id'] === 'string' ? line['id'] : registryId;
      const known = this.registries.get(id);
      const own = wholeOr(
        line['priority'],
        (known?.['priority'] as number | undefined) ?? priority,
      );
      this.registries.set(id, { ...known, ...line, id, priority: own });
      return;
    }
    const isEntry =
      isMap(line) &&
      kind === 'component' &&
      ['id', 'version', 'manifest'].every((key) => typeof line[key] === 'string');
    if (!isEntry) {
      this.errors.push(`${registryId}, line ${n}: it is neither a registry nor a component.`);
      return;
    }
    const own = wholeOr(line['priority'], priority);
    this.entries.push({ ...line, registryId, priority: own, order: this.entries.length });
  }
}

function wholeOr(value: Value | undefined, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : otherwise;
}

/** The entry that a range means; null where none fits. Entries of one version: the first one. */
export function selectEntry(
  packages: ValueMap,
  id: string,
  range: string,
  registryId?: string,
): ValueMap | null {
  const [base] = splitVersion(id);
  const listed = Object.hasOwn(packages, base) ? packages[base] : undefined;
  const offered = (Array.isArray(listed) ? (listed as readonly Value[]) : []).filter(
    (entry): entry is ValueMap =>
      isMap(entry) &&
      typeof entry['version'] === 'string' &&
      (registryId === undefined || entry['registryId'] === registryId),
  );
  const best = highestOf(
    offered.map((entry) => entry['version'] as string),
    range,
  );
  return offered.find((entry) => entry['version'] === best) ?? null;
}

/** The range of a request: its own, or the version of its id. */
export function rangeOfRequest(id: string, range: string | undefined): string {
  return range ?? splitVersion(id)[1] ?? '*';
}

export const registryIndex = defineContract(
  'lcod://tooling/registry/index@0.1.0',
  (input): State => ({ ...indexRegistries(input.optionalList('sources') ?? []) }),
);

export const registrySelect = defineContract('lcod://tooling/registry/select@0.1.0', (input) => {
  const id = input.text('id');
  const range = rangeOfRequest(id, input.optionalText('range'));
  const registryId = input.optionalText('registryId');
  return { entry: selectEntry(input.optionalMap('packages') ?? {}, id, range, registryId) };
});
