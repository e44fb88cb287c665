// lcod://tooling/resolver/*: replacements, warnings, the folder of the cache, and components that are registered
// while a compose runs. They belong to the execution that registers them, and are gone with it.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DiagnosticError, isError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { readTomlSource } from '@basalt/source-text';
import type { ContractInput } from '../contracts/contract-input.js';
import { defineContract } from '../contracts/define-contract.js';
import { normaliseCompose } from '../document/normalise-compose.js';
import { isMap, type ValueMap } from '../document/plain-values.js';
import { readCompose } from '../document/read-compose.js';
import { readablePath, writablePath, type ComposeHost } from '../host/compose-host.js';
import { cacheFolders } from '../resolver/source-reader.js';
import type { Component } from '../run/component.js';
import { composeComponent } from '../run/compose-component.js';
import { resolveSteps, wholeId, type IdContext } from '../workspace/relative-ids.js';

const TOOLING = 'lcod://tooling/resolver';

const replaceApply = defineContract(`${TOOLING}/replace/apply@0.1.0`, (input) => {
  const aliases = input.optionalMap('replaceAlias') ?? {};
  const specs = input.optionalMap('replaceSpec') ?? {};
  const chain = [input.text('id')];
  for (;;) {
    const id = chain.at(-1)!;
    if (Object.hasOwn(specs, id)) return { targetId: id, override: specs[id]!, warnings: [] };
    const next = Object.hasOwn(aliases, id) ? aliases[id] : undefined;
    if (typeof next !== 'string') return { targetId: id, override: null, warnings: [] };
    if (chain.includes(next)) {
      const warning = `The replacements lead in a circle: ${[...chain, next].join(' -> ')}`;
      return { targetId: id, override: null, warnings: [warning] };
    }
    chain.push(next);
  }
});

const warningsMerge = defineContract(`${TOOLING}/warnings/merge@0.1.0`, (input) => ({
  warnings: input
    .list('buckets')
    .flatMap((bucket) => (Array.isArray(bucket) ? (bucket as readonly Value[]) : []))
    .filter((warning) => typeof warning === 'string' && warning !== ''),
}));

/** The first folder of the order that may be written. */
const cacheDir = defineContract(`${TOOLING}/cache-dir@1`, async (input, call): Promise<Value> => {
  const { host } = call.scope.run;
  const root = input.optionalText('projectPath') ?? host.cwd;
  const folders = cacheFolders(root, host.environment);
  for (const folder of folders) {
    try {
      const path = await writablePath(host, folder);
      await mkdir(path, { recursive: true });
      return { path };
    } catch {
      // The next one may be granted.
    }
  }
  await writablePath(host, folders[0]!);
  return input.refuse('projectPath', 'a folder that can be written', root);
});

const register = defineContract(`${TOOLING}/register@1`, async (input, call): Promise<Value> => {
  const { registry, run } = call.scope;
  const warnings: string[] = [];
  let registered = 0;
  for (const [i, given] of (input.optionalList('components') ?? []).entries()) {
    try {
      registry.register(await givenComponent(input, given, `components.${i}`, run.host));
      registered += 1;
    } catch (error) {
      call.ensureNotCancelled();
      const id = isMap(given) && typeof given['id'] === 'string' ? given['id'] : `components.${i}`;
      const reason =
        error instanceof DiagnosticError ? error.diagnostic.message : (error as Error).message;
      warnings.push(`${id}: ${reason}`);
    }
  }
  return { registered, ...(warnings.length === 0 ? {} : { warnings }) };
});

/** {id, compose | composePath, context, inputs, outputs}; names of inputs and outputs are those of the
 * lcp.toml beside the compose where they are not given. */
async function givenComponent(
  input: ContractInput,
  given: Value,
  key: string,
  host: ComposeHost,
): Promise<Component> {
  const rawId = isMap(given) ? given['id'] : undefined;
  if (!isMap(given) || typeof rawId !== 'string') {
    return input.refuse(key, 'a map with id, and compose or composePath', given);
  }
  const context = contextOf(given['context']);
  const found = wholeId(rawId, context);
  if ('problem' in found) throw new DiagnosticError([found.problem]);
  const path = given['composePath'];
  const isFile = typeof path === 'string';
  const read = isFile
    ? readCompose(await readFile(await readablePath(host, path), 'utf8'), path)
    : normalised(given['compose'] ?? null);
  const [problem, ...more] = read.diagnostics.filter(isError);
  if (problem !== undefined) throw new DiagnosticError([problem, ...more]);
  const resolved = resolveSteps(read.compose!.steps, context);
  const [wrong, ...others] = resolved.diagnostics;
  if (wrong !== undefined) throw new DiagnosticError([wrong, ...others]);
  const described = isFile ? await describedNames(host, join(dirname(path), 'lcp.toml')) : {};
  return composeComponent({
    id: found.id,
    compose: { ...read.compose!, steps: resolved.steps },
    inputs: namesOf(given['inputs']) ?? namesOf(described['inputs']),
    outputs: namesOf(given['outputs']) ?? namesOf(described['outputs']),
  });
}

function normalised(steps: Value) {
  const compose = normaliseCompose(steps);
  return { compose, diagnostics: compose.diagnostics };
}

/** {basePath, version, aliasMap}: the path of the package in ids, its version, and its aliases. Without one
 * ids have to be whole. */
function contextOf(given: Value | undefined): IdContext | undefined {
  if (!isMap(given) || typeof given['basePath'] !== 'string') return undefined;
  const { basePath, version, aliasMap } = given;
  const aliases = Object.entries(isMap(aliasMap) ? aliasMap : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    base: `lcod://${basePath.replace(/^lcod:\/\//, '')}`,
    version: typeof version === 'string' ? version : undefined,
    aliases: Object.fromEntries(aliases),
  };
}

async function describedNames(host: ComposeHost, path: string): Promise<ValueMap> {
  const text = await readablePath(host, path)
    .then((real) => readFile(real, 'utf8'))
    .catch(() => undefined);
  if (text === undefined) return {};
  const source = readTomlSource(text, path);
  return source.kind === 'read' && isMap(source.value) ? source.value : {};
}

function namesOf(given: Value | undefined): readonly string[] | undefined {
  if (Array.isArray(given)) return given.filter((name): name is string => typeof name === 'string');
  return isMap(given) ? Object.keys(given) : undefined;
}

export const RESOLVER_TOOLS: readonly Component[] = [
  replaceApply,
  warningsMerge,
  cacheDir,
  register,
];
