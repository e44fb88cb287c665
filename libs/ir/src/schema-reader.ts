// Compiles a TypeBox schema of this library into a function that checks a document and rebuilds it:
// defaults filled in, nulls of optional fields dropped, unknown keys left out. It covers exactly the
// keywords that flow-ir.ts and surface-configs.ts use and refuses others when it compiles. A general
// JSON Schema validator would check only, say less in its messages, and take several times as long.
import { diagnostic, nearestWord } from '@basalt/diagnostics';
import type { Findings } from './findings.js';
import { STRICT_SEMVER } from './semver.js';

/** The state of one reading. */
export interface Reading {
  readonly findings: Findings;
  /** Where the value being read stands. */
  readonly path: (string | number)[];
  /** How deep `$ref` has gone; bounded by `maxRefDepth`. */
  refDepth: number;
  readonly maxRefDepth: number;
}

/** Returns the value rebuilt; on a fault, adds findings and returns anything. */
export type Reader = (value: unknown, reading: Reading) => unknown;

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly pattern?: string;
  readonly $ref?: string;
}

/** Compiles `schema`; `$ref: "#"` inside stands for the whole of it. */
export function compileReader(schema: object): Reader {
  const root: { read: Reader } = { read: () => undefined };
  root.read = compile(schema as Schema, root);
  return root.read;
}

function compile(schema: Schema, root: { readonly read: Reader }): Reader {
  if (schema.$ref === '#') return nested(root);
  if (schema.anyOf) return compileChoice(schema.anyOf, root);
  if (schema.enum) return wordReader(schema.enum);
  if ('const' in schema) return wordReader([schema.const]);
  if (Array.isArray(schema.type)) return jsonSchemaReader;
  switch (schema.type) {
    case 'object':
      return schema.properties ? structReader(schema, root) : recordReader(schema, root);
    case 'array':
      return listReader(schema, root);
    case 'string':
      return textReader(schema);
    case 'integer':
    case 'number':
      return numberReader(schema);
    case 'boolean':
      return (value, reading) =>
        typeof value === 'boolean' ? value : wrongType('true or false', value, reading);
    case undefined:
      return (value) => value;
    default:
      throw new Error(`schema reader: no support for type ${String(schema.type)}`);
  }
}

function nested(root: { readonly read: Reader }): Reader {
  return (value, reading) => {
    if (reading.refDepth >= reading.maxRefDepth) {
      const limit = reading.maxRefDepth;
      reading.findings.at(reading.path, (at) => diagnostic.DOC015({ limit }, at));
      return undefined;
    }
    reading.refDepth++;
    const read = root.read(value, reading);
    reading.refDepth--;
    return read;
  };
}

/** Either "or null" (an optional field) or objects told apart by the literal of their `kind`. */
function compileChoice(options: readonly Schema[], root: { readonly read: Reader }): Reader {
  const [first, second] = options;
  if (options.length === 2 && first !== undefined && second?.type === 'null') {
    const read = compile(first, root);
    return (value, reading) => (value === null ? undefined : read(value, reading));
  }
  const kinds = options.map((option) => String(option.properties?.['kind']?.const));
  const readers = new Map(options.map((option, i) => [kinds[i]!, compile(option, root)]));
  const readKind = structReader(
    { properties: { kind: { enum: kinds } }, required: ['kind'] },
    root,
  );
  return (value, reading) => {
    const kind: unknown = isObject(value) ? value['kind'] : undefined;
    const read = typeof kind === 'string' ? readers.get(kind) : undefined;
    return read === undefined ? readKind(value, reading) : read(value, reading);
  };
}

function structReader(schema: Schema, root: { readonly read: Reader }): Reader {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    read: compile(field, root),
    required: required.has(name) && field.default === undefined,
    fallback: deepFreeze(field.default),
  }));
  return (value, reading) => {
    if (!isObject(value)) return wrongType('an object', value, reading);
    if (reading.findings.full) return undefined;
    const out: Record<string, unknown> = {};
    for (const field of fields) {
      const given = value[field.name];
      if (given === undefined) {
        if (field.fallback !== undefined) out[field.name] = field.fallback;
        else if (field.required) missing(field.name, reading);
        continue;
      }
      reading.path.push(field.name);
      const read = field.read(given, reading);
      reading.path.pop();
      if (read !== undefined) out[field.name] = read;
    }
    return out;
  };
}

function recordReader(schema: Schema, root: { readonly read: Reader }): Reader {
  const member = schema.additionalProperties ?? Object.values(schema.patternProperties ?? {})[0];
  const read = compile(member ?? {}, root);
  const least = schema.minProperties ?? 0;
  return (value, reading) => {
    if (!isObject(value)) return wrongType('an object', value, reading);
    const out: Record<string, unknown> = {};
    let count = 0;
    // Keys such as __proto__ were refused before; entries with undefined are absent.
    for (const [key, given] of Object.entries(value)) {
      if (given === undefined) continue;
      reading.path.push(key);
      out[key] = read(given, reading);
      reading.path.pop();
      count++;
    }
    if (count < least) outOfRange(value, `at least ${least} entry is needed`, reading);
    return out;
  };
}

function listReader(schema: Schema, root: { readonly read: Reader }): Reader {
  const read = compile(schema.items ?? {}, root);
  const least = schema.minItems ?? 0;
  return (value, reading) => {
    if (!Array.isArray(value)) return wrongType('a list', value, reading);
    if (value.length < least) outOfRange(value, `at least ${least} items are needed`, reading);
    const out: unknown[] = [];
    for (let i = 0; i < value.length && !reading.findings.full; i++) {
      reading.path.push(i);
      out.push(read(value[i], reading));
      reading.path.pop();
    }
    return out;
  };
}

function textReader(schema: Schema): Reader {
  const least = schema.minLength ?? 0;
  const most = schema.maxLength ?? Infinity;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u');
  const isVersion = schema.pattern === STRICT_SEMVER.source;
  return (value, reading) => {
    if (typeof value !== 'string') return wrongType('text', value, reading);
    if (isVersion) {
      if (value.length > most || !pattern!.test(value)) {
        const found = describe(value);
        reading.findings.at(reading.path, (at) => diagnostic.DOC014({ found }, at));
      }
    } else if (value.length < least) {
      outOfRange(value, least === 1 ? 'the text is empty' : `it is too short`, reading);
    } else if (value.length > most) {
      outOfRange(value, `it is longer than ${most} characters`, reading);
    } else if (pattern !== undefined && !pattern.test(value)) {
      outOfRange(value, `it does not match ${schema.pattern}`, reading);
    }
    return value;
  };
}

function numberReader(schema: Schema): Reader {
  const whole = schema.type === 'integer';
  const least = schema.minimum ?? -Infinity;
  const above = schema.exclusiveMinimum ?? -Infinity;
  const most = schema.maximum ?? Infinity;
  return (value, reading) => {
    if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
      return wrongType(whole ? 'a whole number' : 'a number', value, reading);
    }
    if (value < least) outOfRange(value, `the least is ${least}`, reading);
    else if (value <= above) outOfRange(value, `it must be greater than ${above}`, reading);
    else if (value > most) outOfRange(value, `the greatest is ${most}`, reading);
    return value;
  };
}

function wordReader(allowed: readonly unknown[]): Reader {
  const words = new Set<unknown>(allowed);
  return (value, reading) => {
    if (words.has(value)) return value;
    const texts = allowed.filter((word) => typeof word === 'string');
    if (texts.length > 0 && typeof value !== 'string') return wrongType('text', value, reading);
    const near = typeof value === 'string' ? nearestWord(value, texts) : undefined;
    const params = { found: describe(value), allowed: allowed.map(String).join(', ') };
    const extras = near === undefined ? {} : { help: `Did you mean "${near}"?` };
    reading.findings.at(reading.path, (at) => diagnostic.DOC012(params, at, extras));
    return undefined;
  };
}

const jsonSchemaReader: Reader = (value, reading) =>
  typeof value === 'boolean' || isObject(value)
    ? value
    : wrongType('a JSON Schema (an object, true or false)', value, reading);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(expected: string, value: unknown, reading: Reading): undefined {
  const found = describe(value);
  reading.findings.at(reading.path, (at) => diagnostic.DOC011({ expected, found }, at));
  return undefined;
}

function outOfRange(value: unknown, problem: string, reading: Reading): void {
  const found = describe(value);
  reading.findings.at(reading.path, (at) => diagnostic.DOC013({ found, problem }, at));
}

function missing(field: string, reading: Reading): void {
  const object = ownerName(reading.path);
  reading.findings.at(reading.path, (at) => diagnostic.DOC010({ object, field }, at));
}

/** "The document", or the last step of the path: `nodes[3]`, `retry`. */
function ownerName(path: readonly (string | number)[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'The document';
  return typeof last === 'number' ? `${path.at(-2) ?? ''}[${last}]` : last;
}

/** A value in a message: its kind, and itself where it is short. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `${typeof value} ${String(value)}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
