// The tooling contracts with native implementations.
import type { Component } from '../run/component.js';
import type { Registry } from '../run/registry.js';
import { LOG_COMPONENTS, LOG_CONTRACT, LOG_DEFAULT } from './log-contracts.js';
import { scopeComponent } from './scope-component.js';
import { testChecker } from './test-checker.js';

/** The engine of scripts is loaded by the first script. */
const scriptOnDemand: Component = {
  id: 'lcod://tooling/script@1',
  handler: async (input, call) => {
    const { scriptComponent } = await import('../script/script-component.js');
    return scriptComponent.handler(input, call);
  },
};

const TOOLING_COMPONENTS: readonly Component[] = [
  ...LOG_COMPONENTS,
  scopeComponent,
  scriptOnDemand,
  testChecker,
];

export function addTooling(registry: Registry): Registry {
  for (const component of TOOLING_COMPONENTS) registry.register(component);
  return registry.bind(LOG_CONTRACT, LOG_DEFAULT);
}
