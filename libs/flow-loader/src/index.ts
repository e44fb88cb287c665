// Public API of @basalt/flow-loader.

// From what a person types to a flow.
export { loadFlowArgument, requireFlow } from './load-flow-argument.js';
export type {
  FlowSources,
  LoadedDocument,
  LoadedFlow,
  LoadedModule,
} from './load-flow-argument.js';

// Modules.
export { loadBundledModule, loadModule } from './load-module.js';
export type { ModuleExports } from './load-module.js';
export { MissingToolError } from './missing-tool-error.js';
