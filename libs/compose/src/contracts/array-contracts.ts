// lcod://contract/core/array/*@1. Lists are never changed in place, so `clone: false` gives the same list.
import type { Value } from '@basalt/ir';
import type { Component } from '../run/component.js';
import { alias, defineContract } from './define-contract.js';

const CORE = 'lcod://contract/core/array';
const AXIOM = 'lcod://axiom/array';

const length = defineContract(`${CORE}/length@1`, (input) => ({
  length: input.list('items').length,
}));

const push = defineContract(`${CORE}/push@1`, (input) => {
  const value = input.value('value') ?? null;
  if (!input.has('value')) input.refuse('value', 'a value', undefined);
  input.flag('clone', true);
  const items = [...input.list('items'), value];
  return { items, length: items.length };
});

const append = defineContract(`${CORE}/append@1`, (input) => {
  const added: readonly Value[] = input.optionalList('items') ?? [];
  const one = input.has('item') ? [input.value('item') ?? null] : [];
  const value = [...input.list('array'), ...added, ...one];
  return { value, length: value.length };
});

const shift = defineContract(`${CORE}/shift@1`, (input) => {
  const [head = null, ...rest] = input.list('items');
  return { head, rest };
});

export const ARRAY_CONTRACTS: readonly Component[] = [
  ...alias(length, `${AXIOM}/length@1`),
  ...alias(push, `${AXIOM}/push@1`),
  ...alias(append, `${AXIOM}/append@1`),
  ...alias(shift, `${AXIOM}/shift@1`),
];
