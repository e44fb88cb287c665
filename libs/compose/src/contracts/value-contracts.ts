// lcod://contract/core/value/*@1 and number/*@1: questions about single values.
import { valuesEqual } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';
import type { Component } from '../run/component.js';
import { defineContract } from './define-contract.js';

const CORE = 'lcod://contract/core';

const kind = defineContract(`${CORE}/value/kind@1`, (input) => {
  const value = input.value('value');
  if (value === undefined) return { kind: 'null' };
  if (Array.isArray(value)) return { kind: 'array' };
  if (value instanceof Uint8Array) return { kind: 'bytes' };
  if (isMap(value)) return { kind: 'object' };
  return { kind: typeof value === 'bigint' ? 'number' : typeof value };
});

const equals = defineContract(`${CORE}/value/equals@1`, (input) => ({
  equal: valuesEqual(input.value('left') ?? null, input.value('right') ?? null),
}));

// Values are immutable, so each is its own clone.
const clone = defineContract(`${CORE}/value/clone@1`, (input) => ({
  value: input.value('value') ?? null,
}));

const trunc = defineContract(`${CORE}/number/trunc@1`, (input) => {
  const value = input.value('value');
  if (typeof value === 'bigint') return { value };
  if (typeof value !== 'number') return input.refuse('value', 'a number', value);
  return { value: Math.trunc(value) + 0 };
});

export const VALUE_CONTRACTS: readonly Component[] = [kind, equals, clone, trunc];
