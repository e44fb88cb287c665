// lcod://contract/core/json/encode@1 and decode@1.
import type { Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { alias, defineContract } from './define-contract.js';
import { readJsonText } from './json-reader.js';
import { writeJson } from './json-writer.js';

const CORE = 'lcod://contract/core/json';
const AXIOM = 'lcod://axiom/json';

const encode = defineContract(`${CORE}/encode@1`, (input) => {
  const space = input.whole('space', 0, 10) ?? 0;
  const sortKeys = input.flag('sortKeys', false);
  const asciiOnly = input.flag('asciiOnly', false);
  if (!input.has('value')) input.refuse('value', 'a value', undefined);
  const value = input.value('value') ?? null;
  const odd = nonFinite(value);
  if (odd !== undefined) {
    throw new ComposeError('UNSERIALISABLE', `JSON has no form for ${odd}.`);
  }
  const text = writeJson(value, { space, sortKeys, asciiOnly });
  return { text, bytes: Buffer.byteLength(text) };
});

const decode = defineContract(`${CORE}/decode@1`, (input) => {
  const text = input.text('text');
  return { value: readJsonText(text), bytes: Buffer.byteLength(text) };
});

/** A number that JSON cannot write. */
function nonFinite(value: Value): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : value;
  const parts = Array.isArray(value)
    ? (value as readonly Value[])
    : isMap(value)
      ? Object.values(value)
      : [];
  for (const part of parts) {
    const found = nonFinite(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const JSON_CONTRACTS: readonly Component[] = [
  ...alias(encode, `${AXIOM}/encode@1`),
  ...alias(decode, `${AXIOM}/decode@1`, `${AXIOM}/parse@1`),
];
