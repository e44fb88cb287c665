// The tooling contracts of registries and resolvers. Their code is loaded by the first call of one.
import type { Component } from '../run/component.js';
import type { Registry } from '../run/registry.js';

const IDS = [
  'lcod://tooling/registry/index@0.1.0',
  'lcod://tooling/registry/select@0.1.0',
  'lcod://tooling/registry/source/load@0.1.0',
  'lcod://tooling/registry/resolution@0.1.0',
  'lcod://tooling/resolver/replace/apply@0.1.0',
  'lcod://tooling/resolver/warnings/merge@0.1.0',
  'lcod://tooling/resolver/cache-dir@1',
  'lcod://tooling/resolver/register@1',
] as const;

let loaded: Promise<ReadonlyMap<string, Component>> | undefined;

async function load(): Promise<ReadonlyMap<string, Component>> {
  const [index, sources, resolver] = await Promise.all([
    import('./registry-index.js'),
    import('./registry-sources.js'),
    import('./resolver-tools.js'),
  ]);
  const components = [
    index.registryIndex,
    index.registrySelect,
    sources.registrySourceLoad,
    sources.registryResolution,
    ...resolver.RESOLVER_TOOLS,
  ];
  return new Map(components.map((component) => [component.id, component]));
}

export function addRegistryTools(registry: Registry): Registry {
  for (const id of IDS) {
    registry.register({
      id,
      handler: async (input, call) => (await (loaded ??= load())).get(id)!.handler(input, call),
    });
  }
  return registry;
}
