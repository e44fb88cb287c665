// What every compose may call without a workspace: operators, core contracts, tooling, registries.
import { CORE_CONTRACTS } from '../contracts/core-contracts.js';
import { FLOW_OPERATORS } from '../operators/flow-operators.js';
import { addRegistryTools } from '../registry-tools/registry-tools.js';
import { addTooling } from '../tooling/tooling-components.js';
import { Registry, type ComponentLoader } from './registry.js';

/** `loader` finds components of workspaces and sources when they are first called. */
export function standardRegistry(loader?: ComponentLoader): Registry {
  const registry = new Registry(undefined, loader);
  for (const component of [...FLOW_OPERATORS, ...CORE_CONTRACTS]) registry.register(component);
  return addRegistryTools(addTooling(registry));
}
