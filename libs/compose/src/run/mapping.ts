// `in`, `let` and `out` of a step, compiled once: spreads first, in their order, then the entries.
import type { Value } from '@basalt/ir';
import { OPTIONAL, RESULT, SPREADS, type Mapping, type Spread } from '../document/compose-model.js';
import { isPath } from '../document/path-text.js';
import { isMap, type ValueMap } from '../document/plain-values.js';
import type { Frame } from './frame.js';
import { setEntry, type State } from './state.js';
import { compileTemplate, walk } from './template.js';

/** Makes the input of a step, or adds names to a state. */
export type InputMapping = (frame: Frame, into: State) => State;
/** Writes what is exported of a result into the state. */
export type OutputMapping = (result: Value, state: State) => void;

interface Entry<T> {
  readonly key: string;
  readonly optional: boolean;
  readonly value: T;
}

export function compileInput(mapping: Mapping): InputMapping {
  const spreads = spreadsOf(mapping).map((spread) => ({
    spread,
    source: compileTemplate(spread.source),
  }));
  // What stands under `bindings` is kept as it is written, here as everywhere.
  const entries = entriesOf(mapping, (value, key) =>
    key === 'bindings' ? () => value : compileTemplate(value),
  );
  return (frame, into) => {
    for (const { spread, source } of spreads) addSpread(into, source(frame), spread);
    for (const { key, optional, value } of entries) {
      const found = value(frame) ?? null;
      if (!(optional && found === null)) into[key] = found;
    }
    return into;
  };
}

export function compileOutput(mapping: Mapping): OutputMapping {
  const spreads = spreadsOf(mapping).map((spread) => ({
    spread,
    source: resultPath(spread.source),
  }));
  const entries = entriesOf<string>(mapping, (value) => value as string);
  return (result, state) => {
    for (const { spread, source } of spreads) addSpread(state, source(result), spread);
    const map = isMap(result) ? result : {};
    for (const { key, optional, value } of entries) {
      const found = value === '$' ? result : Object.hasOwn(map, value) ? map[value]! : null;
      if (!(optional && found === null)) state[key] = found;
    }
  };
}

function spreadsOf(mapping: Mapping): readonly Spread[] {
  return (mapping[SPREADS] ?? []) as unknown as readonly Spread[];
}

function entriesOf<T>(
  mapping: Mapping,
  compile: (value: Value, key: string) => T,
): readonly Entry<T>[] {
  return Object.entries(mapping)
    .filter(([key]) => key !== SPREADS)
    .map(([key, value]) => {
      const optional = isMap(value) && value[OPTIONAL] === true;
      return { key, optional, value: compile(optional ? (value['value'] ?? null) : value, key) };
    });
}

/** The source of a spread in `out`: the whole result, or a part of it. */
function resultPath(source: Value): (result: Value) => Value | undefined {
  if (source === RESULT || source === '$') return (result) => result;
  if (typeof source !== 'string') return () => source;
  const keys = (isPath(source) && source.startsWith('$.') ? source.slice(2) : source).split('.');
  return (result) => walk(result, keys);
}

function addSpread(into: State, source: Value | undefined, spread: Spread): void {
  const { optional = false, pick } = spread;
  if (!isMap(source)) return;
  for (const key of pick ?? Object.keys(source)) addEntry(into, source, key, optional);
}

function addEntry(into: State, source: ValueMap, key: string, optional: boolean): void {
  const value = Object.hasOwn(source, key) ? source[key]! : null;
  if (!(optional && value === null)) setEntry(into, key, value);
}
