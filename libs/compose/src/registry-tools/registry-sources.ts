// lcod://tooling/registry/source/load@0.1.0 and resolution@0.1.0: sources of a project become lines, and requests
// the entries that they mean. Files are read as far as the host grants them; what is wrong becomes a warning.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { defineContract } from '../contracts/define-contract.js';
import { isMap, type ValueMap } from '../document/plain-values.js';
import { readablePath } from '../host/compose-host.js';
import type { Call } from '../run/call.js';
import type { State } from '../run/state.js';
import { indexRegistries, rangeOfRequest, selectEntry } from './registry-index.js';

interface LoadedSources {
  readonly sources: readonly ValueMap[];
  readonly warnings: readonly string[];
}

async function loadSources(
  projectPath: string,
  sources: readonly Value[],
  call: Call,
): Promise<LoadedSources> {
  const loaded: ValueMap[] = [];
  const warnings: string[] = [];
  for (const [i, source] of sources.entries()) {
    const id = isMap(source) ? source['id'] : undefined;
    if (!isMap(source) || typeof id !== 'string' || id === '') {
      warnings.push(`Source ${i}: it has no id.`);
      continue;
    }
    try {
      loaded.push(await loadSource(projectPath, source, id, call));
    } catch (error) {
      call.ensureNotCancelled();
      warnings.push(`${id}: ${reasonOf(error)}`);
    }
  }
  return { sources: loaded, warnings };
}

async function loadSource(
  projectPath: string,
  source: ValueMap,
  id: string,
  call: Call,
): Promise<ValueMap> {
  const { priority, defaults, jsonl, lines } = source;
  const head = {
    registryId: id,
    ...(typeof priority === 'number' ? { priority } : {}),
    ...(isMap(defaults) ? { defaults } : {}),
  };
  if (typeof jsonl === 'string') return { ...head, jsonl };
  if (Array.isArray(lines)) return { ...head, lines };
  const folder = typeof source['path'] === 'string' ? source['path'] : '.';
  const named = (key: string, usual: string) =>
    typeof source[key] === 'string' ? source[key] : join(folder, usual);
  const read = async (way: string) =>
    readFile(await readablePath(call.scope.run.host, join(projectPath, way)), 'utf8');
  const text = await read(named('packagesPath', 'packages.jsonl'));
  const about =
    typeof source['registryPath'] === 'string'
      ? (JSON.parse(await read(source['registryPath'])) as Value)
      : undefined;
  return {
    ...head,
    ...(isMap(about) ? { defaults: { ...about, ...(isMap(defaults) ? defaults : {}) } } : {}),
    jsonl: text,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof DiagnosticError ? error.diagnostic.message : (error as Error).message;
}

export const registrySourceLoad = defineContract(
  'lcod://tooling/registry/source/load@0.1.0',
  async (input, call): Promise<State> => ({
    ...(await loadSources(input.text('projectPath'), input.list('sources'), call)),
  }),
);

export const registryResolution = defineContract(
  'lcod://tooling/registry/resolution@0.1.0',
  async (input, call): Promise<State> => {
    const projectPath = input.text('projectPath');
    const loaded = await loadSources(projectPath, input.optionalList('sources') ?? [], call);
    const { registries, entries, packages, errors } = indexRegistries(loaded.sources);
    const warnings = [...loaded.warnings, ...errors];
    const resolved = (input.optionalList('requests') ?? []).map((request, i): ValueMap => {
      const id = isMap(request) ? request['id'] : undefined;
      if (!isMap(request) || typeof id !== 'string') {
        return input.refuse(`requests.${i}`, 'a map with an id', request);
      }
      const text = (key: string) => (typeof request[key] === 'string' ? request[key] : undefined);
      const range = rangeOfRequest(id, text('range'));
      const entry = selectEntry(packages, id, range, text('registryId'));
      if (entry === null) warnings.push(`No version of ${id} fits ${range}.`);
      return { id, range, entry };
    });
    return { registries, entries, packages, resolved, warnings };
  },
);
