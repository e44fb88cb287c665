// lcod://contract/core/parse/json@1, toml@1 and csv@1, of a text, a file or a stream.
import type { Value } from '@basalt/ir';
import { readTomlSource } from '@basalt/source-text';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import type { State } from '../run/state.js';
import { setEntry } from '../run/state.js';
import type { ContractInput } from './contract-input.js';
import { parseCsv } from './csv-reader.js';
import { alias, defineContract } from './define-contract.js';
import { readJsonText } from './json-reader.js';
import { sourceText } from './source-chunks.js';
import { writeToml } from './toml-writer.js';

const CORE = 'lcod://contract/core/parse';
const AXIOM = 'lcod://axiom';

const json = defineContract(`${CORE}/json@1`, async (input, call): Promise<Value> => {
  const { text, bytes } = await sourceText(input, call, 'text');
  return { value: readJsonText(text), bytes, validated: false };
});

const toml = defineContract(`${CORE}/toml@1`, async (input, call): Promise<Value> => {
  const { text, bytes } = await sourceText(input, call, 'text');
  const source = readTomlSource(text, 'toml');
  if (source.kind === 'read') return { value: source.value, bytes };
  const { line = 1, column = 1 } = source.at;
  const message = `The text is no TOML at line ${line}, column ${column}: ${source.reason}`;
  throw new ComposeError('TOML_PARSE', message, { line, column });
});

const csv = defineContract(`${CORE}/csv@1`, async (input, call): Promise<Value> => {
  const header = input.value('header') ?? true;
  const names = Array.isArray(header) ? input.texts('header') : undefined;
  if (typeof header !== 'boolean' && names === undefined) {
    input.refuse('header', 'true, false, or a list of names', header);
  }
  const delimiter = character(input, 'delimiter', ',');
  const quote = character(input, 'quote', '"');
  const maxRows = input.whole('maxRows', 0);
  const { text, bytes } = await sourceText(input, call, 'text');
  const read = parseCsv(text, { delimiter, quote, trim: input.flag('trim', false) });
  const columns = names ?? (header === true ? (read[0] ?? []) : undefined);
  const body = header === true ? read.slice(1) : read;
  const rows = body.slice(0, maxRows ?? body.length);
  return {
    rows: columns === undefined ? rows : rows.map((row) => named(row, columns)),
    columns: columns ?? [],
    bytes,
  };
});

const stringify = defineContract(`${AXIOM}/toml/stringify@1`, (input) => ({
  text: writeToml(input.map('value')),
}));

function character(input: ContractInput, key: string, otherwise: string): string {
  const text = input.optionalText(key) ?? otherwise;
  return text.length === 1 ? text : input.refuse(key, 'one character', text);
}

/** A row by its columns; cells that are missing are null, cells beyond the columns are left out. */
function named(row: readonly string[], columns: readonly string[]): State {
  const result: State = {};
  columns.forEach((column, i) => setEntry(result, column, row[i] ?? null));
  return result;
}

export const PARSE_CONTRACTS: readonly Component[] = [
  json,
  ...alias(toml, `${AXIOM}/toml/parse@1`),
  csv,
  stringify,
];
