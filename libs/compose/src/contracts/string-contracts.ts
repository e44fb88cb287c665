// lcod://contract/core/string/*@1.
import type { Value } from '@basalt/ir';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { walk } from '../run/template.js';
import { writeJson } from './json-writer.js';
import { alias, defineContract } from './define-contract.js';

const CORE = 'lcod://contract/core/string';
const AXIOM = 'lcod://axiom/string';

/** `{a.b[0]}` is a value, `{{` and `}}` are braces. */
const PLACEHOLDER = /\{\{|\}\}|\{([^{}]*)\}/g;

const format = defineContract(`${CORE}/format@1`, (input) => {
  const values = input.optionalMap('values') ?? {};
  const fallback = input.value('fallback');
  const isStrict = input.word('missingPolicy', ['ignore', 'error']) === 'error';
  const missing: string[] = [];
  const value = input.text('template').replace(PLACEHOLDER, (match, path?: string) => {
    if (path === undefined) return match[0]!;
    const found = walk(
      values,
      path
        .trim()
        .replace(/\[(\d+)\]/g, '.$1')
        .split('.'),
    );
    if (found !== undefined) return asText(found);
    missing.push(path);
    return fallback === undefined ? '' : asText(fallback);
  });
  if (isStrict && missing.length > 0) {
    const message = `The template has no value for ${missing.join(', ')}.`;
    throw new ComposeError('MISSING_PLACEHOLDER', message, { missing });
  }
  return { value, missing };
});

const split = defineContract(`${CORE}/split@1`, (input) => {
  const separator = input.text('separator');
  const limit = input.whole('limit', 0);
  const isTrimmed = input.flag('trim', false);
  const isDense = input.flag('removeEmpty', false);
  const parts = separator === '' ? [...input.text('text')] : input.text('text').split(separator);
  const segments = parts
    .map((part) => (isTrimmed ? part.trim() : part))
    .filter((part) => !(isDense && part === ''));
  return { segments: limit === undefined ? segments : segments.slice(0, limit) };
});

const trim = defineContract(`${CORE}/trim@1`, (input) => {
  const text = input.text('value');
  switch (input.word('mode', ['both', 'start', 'end'])) {
    case 'both':
      return { value: text.trim() };
    case 'start':
      return { value: text.trimStart() };
    case 'end':
      return { value: text.trimEnd() };
  }
});

/** Texts as they are, everything else as JSON. */
function asText(value: Value): string {
  return typeof value === 'string' ? value : writeJson(value);
}

export const STRING_CONTRACTS: readonly Component[] = [
  ...alias(format, `${AXIOM}/format@1`),
  ...alias(split, `${AXIOM}/split@1`),
  ...alias(trim, `${AXIOM}/trim@1`),
];
