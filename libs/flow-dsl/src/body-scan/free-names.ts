// The names that a function takes from a module which is not at hand.
import type { ModuleScopes } from './scope-analysis.js';

/** Globals of the language and of every host; what is hazardous among them is in the hazard table. */
const KNOWN = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  'undefined',
  'arguments',
  'require',
  'module',
  'exports',
  'Temporal',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'Worker',
  'navigator',
  'window',
  'self',
  'localStorage',
  'sessionStorage',
  'indexedDB',
]);

/** The free names of a function that was parsed by itself, in order of their first use. */
export function freeNames(scopes: ModuleScopes): readonly string[] {
  const names = new Set<string>();
  for (const [node, binding] of [...scopes.reads, ...scopes.targets]) {
    if (binding !== undefined || node.type !== 'Identifier' || KNOWN.has(node.name)) continue;
    names.add(node.name);
  }
  return [...names];
}
