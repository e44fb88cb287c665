// lcod://contract/core/object/*@1. Maps are never changed in place, so `clone: false` gives the same map.
import type { Value } from '@basalt/ir';
import { isMap, type ValueMap } from '../document/plain-values.js';
import type { Component } from '../run/component.js';
import { setEntry, type State } from '../run/state.js';
import { walk } from '../run/template.js';
import type { ContractInput } from './contract-input.js';
import { alias, defineContract } from './define-contract.js';

const CORE = 'lcod://contract/core/object';
const AXIOM = 'lcod://axiom/object';

const get = defineContract(`${CORE}/get@1`, (input) => {
  const found = walk(input.map('object'), keysOf(input));
  return { value: found ?? input.value('default') ?? null, found: found !== undefined };
});

const set = defineContract(`${CORE}/set@1`, (input) => {
  const keys = keysOf(input);
  input.flag('clone', true);
  const creates = input.flag('createMissing', true);
  const change: Change = { value: input.value('value') ?? null, creates, created: false };
  const object = replaced(input.map('object'), keys, change, input);
  return { object, created: change.created };
});

const merge = defineContract(`${CORE}/merge@1`, (input) => {
  const [left, right] = [input.map('left'), input.map('right')];
  const isDeep = input.flag('deep', false);
  const concatenates = input.word('arrayStrategy', ['replace', 'concat']) === 'concat';
  const value = merged(left, right, isDeep, concatenates);
  const conflicts = Object.keys(right)
    .filter((key) => Object.hasOwn(left, key))
    .sort();
  return { value, conflicts };
});

const entries = defineContract(`${CORE}/entries@1`, (input) => ({
  entries: Object.entries(input.map('object')).map(([key, value]) => [key, value]),
}));

/** A list of keys; numbers are indices. */
function keysOf(input: ContractInput): readonly string[] {
  const path = input.list('path');
  const isPath = path.every((key) => typeof key === 'string' || Number.isInteger(key));
  if (!isPath) input.refuse('path', 'a list of keys and indices', path);
  return path.map(String);
}

interface Change {
  readonly value: Value;
  readonly creates: boolean;
  created: boolean;
}

/** A copy of a value with another one at the end of the path. */
function replaced(
  from: Value | undefined,
  [key, ...rest]: readonly string[],
  change: Change,
  input: ContractInput,
): Value {
  if (key === undefined) return change.value;
  if (Array.isArray(from)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index > from.length) {
      input.refuse('path', 'an index of the list, or its end', key);
    }
    const list = [...(from as readonly Value[])];
    if (index === list.length) change.created = true;
    list[index] = replaced(list[index], rest, change, input);
    return list;
  }
  if (!isMap(from) && !(change.creates && (from === undefined || from === null))) {
    input.refuse('path', 'a path that leads through maps and lists', from);
  }
  const map: State = { ...(isMap(from) ? from : {}) };
  const next = Object.hasOwn(map, key) ? map[key] : undefined;
  if (next === undefined) {
    if (!change.creates) input.refuse('path', 'a path that is there', undefined);
    change.created = true;
  }
  setEntry(map, key, replaced(next, rest, change, input));
  return map;
}

function merged(left: ValueMap, right: ValueMap, isDeep: boolean, concatenates: boolean): State {
  const result: State = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = Object.hasOwn(left, key) ? left[key] : undefined;
    if (isDeep && isMap(before) && isMap(value)) {
      setEntry(result, key, merged(before, value, isDeep, concatenates));
    } else if (concatenates && Array.isArray(before) && Array.isArray(value)) {
      setEntry(result, key, [...(before as readonly Value[]), ...(value as readonly Value[])]);
    } else {
      setEntry(result, key, value);
    }
  }
  return result;
}

export const OBJECT_CONTRACTS: readonly Component[] = [
  ...alias(get, `${AXIOM}/get@1`),
  ...alias(set, `${AXIOM}/set@1`),
  ...alias(merge, `${AXIOM}/merge@1`),
  ...alias(entries, `${AXIOM}/entries@1`),
];
