// Simpler values than a given one, the simplest first: for the reduction of a failing case.
import type { Value } from '@basalt/ir';

const MOST = 40;

/** Values that say less; none where there is nothing left to leave out. */
export function smallerValues(value: Value): readonly Value[] {
  return [...candidates(value)].slice(0, MOST);
}

function* candidates(value: Value): Generator<Value> {
  if (typeof value === 'string') yield* shorter(value);
  else if (typeof value === 'number' && value !== 0) yield* nearer(value);
  else if (value === true) yield false;
  else if (Array.isArray(value)) yield* fewer(value);
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    yield* simpler(value as { readonly [key: string]: Value });
  }
}

function* shorter(text: string): Generator<Value> {
  if (text === '' || text === 'a') return;
  yield '';
  yield 'a';
  if (text.length > 3) yield text.slice(0, Math.floor(text.length / 2));
}

function* nearer(number: number): Generator<Value> {
  yield 0;
  if (number !== 1) yield 1;
  if (!Number.isInteger(number)) yield Math.trunc(number);
  const half = Math.trunc(number / 2);
  if (half !== 0 && half !== 1 && half !== number) yield half;
}

function* fewer(items: readonly Value[]): Generator<Value> {
  if (items.length > 0) yield [];
  if (items.length > 1) {
    for (const index of items.keys()) yield items.filter((_, i) => i !== index);
  }
  for (const [index, item] of items.entries()) {
    for (const smaller of candidates(item)) yield items.with(index, smaller);
  }
}

function* simpler(map: { readonly [key: string]: Value }): Generator<Value> {
  for (const name of Object.keys(map)) {
    const { [name]: _, ...rest } = map;
    yield rest;
  }
  for (const [name, member] of Object.entries(map)) {
    for (const smaller of candidates(member)) yield { ...map, [name]: smaller };
  }
}
