// Templates of `in`, compiled once. A text that starts with "$" and one of the names below is a path into
// one of the scopes; every other text is itself. A path that leads nowhere gives undefined here, which
// becomes null where it is stored.
//
//   $, $.a.b.0       state of the list of steps
//   $slot, $slot.x   variables of the slot
//   $run.x           facts of this execution: id, input
//   $env.X           environment of the host, as far as it is granted
//   $globals.x       values that the host gives to every compose
import type { Value } from '@basalt/ir';
import { INPUT, STATE } from '../document/compose-model.js';
import { isPath, parsePath } from '../document/path-text.js';
import { isMap } from '../document/plain-values.js';
import { isStep } from '../document/step-data.js';
import type { Frame } from './frame.js';
import { setEntry, type State } from './state.js';

export type Template = (frame: Frame) => Value | undefined;

type Scope = (frame: Frame) => Value | undefined;

const SCOPES: Readonly<Record<string, Scope>> = {
  $: (frame) => ({ ...frame.state }),
  $slot: (frame) => frame.slotVars,
  $run: (frame) => frame.scope.run.facts,
  $env: (frame) => frame.scope.run.host.environment,
  $globals: (frame) => frame.scope.run.globals,
};

export function compileTemplate(template: Value): Template {
  if (isConstant(template)) return () => template;
  if (typeof template === 'string') return compilePath(template);
  if (Array.isArray(template)) return compileList(template as readonly Value[]);
  return compileMap(template as { readonly [key: string]: Value });
}

/** A path of the state, of a slot, or of another scope. */
export function compilePath(text: string): Template {
  if (text === STATE) return SCOPES['$']!;
  const { scope: scopeName, keys } = parsePath(text);
  const scope = SCOPES[scopeName]!;
  if (keys === undefined) return scope;
  const [first] = keys;
  if (scopeName === '$') {
    if (keys.length === 1) return (frame) => ownEntry(frame.state, first!);
    return (frame) => walk(frame.state, keys);
  }
  if (scopeName === '$slot' && keys.length === 1) {
    return (frame) => (frame.slotVars === undefined ? undefined : ownEntry(frame.slotVars, first!));
  }
  return (frame) => walk(scope(frame), keys);
}

/** Templates without a path give the same value each time. A step is kept as it is written, and so
 * is what stands under the key `bindings`. */
function isConstant(template: Value): boolean {
  if (typeof template === 'string') return !isPath(template);
  if (Array.isArray(template)) return template.every((item: Value) => isConstant(item));
  if (!isMap(template) || isStep(template)) return true;
  const entries = Object.entries(template);
  if (entries.length === 1 && isWholeState(entries[0]![0])) return false;
  return entries.every(([key, value]) => key === 'bindings' || isConstant(value));
}

function isWholeState(key: string): boolean {
  return key === STATE || key === INPUT;
}

function compileList(list: readonly Value[]): Template {
  const items = list.map(compileTemplate);
  return (frame) => items.map((item) => item(frame) ?? null);
}

function compileMap(map: { readonly [key: string]: Value }): Template {
  const keys = Object.keys(map);
  if (keys.length === 1 && isWholeState(keys[0]!)) return SCOPES['$']!;
  const entries = keys.map((key) => {
    const value = map[key]!;
    return [key, key === 'bindings' ? () => value : compileTemplate(value)] as const;
  });
  return (frame) => {
    const result: State = {};
    for (const [key, value] of entries) setEntry(result, key, value(frame) ?? null);
    return result;
  };
}

/** Follows own keys of maps and indices of lists. */
export function walk(from: Value | undefined, keys: readonly string[]): Value | undefined {
  let found = from;
  for (const key of keys) {
    if (found === undefined || found === null) return undefined;
    if (Array.isArray(found)) {
      found = /^(0|[1-9][0-9]*)$/.test(key) ? (found[Number(key)] as Value | undefined) : undefined;
    } else if (isMap(found)) {
      found = ownEntry(found, key);
    } else {
      return undefined;
    }
  }
  return found;
}

function ownEntry(map: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
