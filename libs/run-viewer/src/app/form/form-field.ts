// What a form asks for: the fields that a JSON Schema (draft 2020-12) describes. Schemas that no form
// can show well become a field for JSON text; the host checks every payload anyway.
import type { ShownJson } from '../../viewer-protocol.js';

export interface FieldBase {
  readonly title: string;
  readonly description: string;
  readonly initial: ShownJson | undefined;
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly isInteger: boolean;
  readonly minimum: number;
  readonly maximum: number;
  readonly exclusiveMinimum: number;
  readonly exclusiveMaximum: number;
  readonly multipleOf: number | undefined;
}

export interface BooleanField extends FieldBase {
  readonly kind: 'boolean';
}

/** One of some values; with a single one, that one. */
export interface EnumField extends FieldBase {
  readonly kind: 'enum';
  readonly values: readonly ShownJson[];
}

export interface ListField extends FieldBase {
  readonly kind: 'list';
  /** Made when it is needed: schemas may refer to themselves. */
  item(): FormField;
  readonly minItems: number;
  readonly maxItems: number;
}

export interface MapField extends FieldBase {
  readonly kind: 'map';
  readonly members: readonly MapMember[];
}

export interface MapMember {
  readonly name: string;
  readonly isRequired: boolean;
  field(): FormField;
}

/** One of several schemas. */
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly title: string; field(): FormField }[];
}

export interface JsonField extends FieldBase {
  readonly kind: 'json';
}

export type FormField =
  | TextField
  | NumberField
  | BooleanField
  | EnumField
  | ListField
  | MapField
  | ChoiceField
  | JsonField;

type Schema = Readonly<Record<string, ShownJson>>;

/** References that lead to references, before it is taken for a circle. */
const MAX_REFERENCES = 20;

/** The field for a schema; `root` is what references point into. */
export function fieldOf(schema: ShownJson, root: ShownJson = schema): FormField {
  const found = resolved(schema, root);
  if (found === undefined) return jsonField({});
  const alternatives = listOf(found['oneOf']) ?? listOf(found['anyOf']);
  if (alternatives !== undefined) return choiceOf(found, alternatives, root);
  if (found['allOf'] !== undefined || found['not'] !== undefined || found['if'] !== undefined) {
    return jsonField(found);
  }
  const values = listOf(found['enum']);
  if (values !== undefined) return { ...baseOf(found), kind: 'enum', values };
  if (found['const'] !== undefined) {
    return { ...baseOf(found), kind: 'enum', values: [found['const']] };
  }
  return fieldOfType(found, root);
}

function fieldOfType(schema: Schema, root: ShownJson): FormField {
  switch (typeOf(schema)) {
    case 'string':
      return textField(schema);
    case 'integer':
    case 'number':
      return numberField(schema);
    case 'boolean':
      return { ...baseOf(schema), kind: 'boolean' };
    case 'null':
      return { ...baseOf(schema), kind: 'enum', values: [null] };
    case 'array':
      return listField(schema, root);
    case 'object':
      return mapField(schema, root);
    default:
      return jsonField(schema);
  }
}

function textField(schema: Schema): FormField {
  return {
    ...baseOf(schema),
    kind: 'text',
    minLength: numberOf(schema['minLength'], 0),
    maxLength: numberOf(schema['maxLength'], Infinity),
    pattern: textOf(schema['pattern']),
    format: textOf(schema['format']),
  };
}

function numberField(schema: Schema): FormField {
  const step = schema['multipleOf'];
  return {
    ...baseOf(schema),
    kind: 'number',
    isInteger: typeOf(schema) === 'integer',
    minimum: numberOf(schema['minimum'], -Infinity),
    maximum: numberOf(schema['maximum'], Infinity),
    exclusiveMinimum: numberOf(schema['exclusiveMinimum'], -Infinity),
    exclusiveMaximum: numberOf(schema['exclusiveMaximum'], Infinity),
    multipleOf: typeof step === 'number' ? step : undefined,
  };
}

function listField(schema: Schema, root: ShownJson): FormField {
  const items = schema['items'];
  if (items === undefined || typeof items === 'boolean' || schema['prefixItems'] !== undefined) {
    return jsonField(schema);
  }
  return {
    ...baseOf(schema),
    kind: 'list',
    item: () => fieldOf(items, root),
    minItems: numberOf(schema['minItems'], 0),
    maxItems: numberOf(schema['maxItems'], Infinity),
  };
}

function mapField(schema: Schema, root: ShownJson): FormField {
  const properties = schemaOf(schema['properties']);
  // A map with names of its own choice, or one that anything fits, is written as JSON.
  if (properties === undefined || Object.keys(properties).length === 0) return jsonField(schema);
  const required = new Set(listOf(schema['required']) ?? []);
  return {
    ...baseOf(schema),
    kind: 'map',
    members: Object.entries(properties).map(([name, member]) => ({
      name,
      isRequired: required.has(name),
      field: () => fieldOf(member, root),
    })),
  };
}

function choiceOf(schema: Schema, options: readonly ShownJson[], root: ShownJson): FormField {
  const constants = options.map((option) => resolved(option, root)?.['const']);
  if (constants.every((value) => value !== undefined)) {
    return { ...baseOf(schema), kind: 'enum', values: constants };
  }
  return {
    ...baseOf(schema),
    kind: 'choice',
    options: options.map((option, i) => ({
      title: titleOfOption(resolved(option, root), i),
      field: () => fieldOf(option, root),
    })),
  };
}

/** A name for one of several schemas: its title, the constant that marks it, or its type. */
function titleOfOption(option: Schema | undefined, index: number): string {
  const title = textOf(option?.['title']);
  if (title !== undefined) return title;
  for (const [name, member] of Object.entries(schemaOf(option?.['properties']) ?? {})) {
    const constant = schemaOf(member)?.['const'];
    if (constant !== undefined) return `${name}: ${String(constant)}`;
  }
  const type = option === undefined ? undefined : typeOf(option);
  return type === undefined ? `option ${index + 1}` : `${WORDS[type] ?? type}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'map',
  boolean: 'yes or no',
  null: 'nothing',
};

function jsonField(schema: Schema): FormField {
  return { ...baseOf(schema), kind: 'json' };
}

function baseOf(schema: Schema): FieldBase {
  const [example] = listOf(schema['examples']) ?? [];
  return {
    title: textOf(schema['title']) ?? '',
    description: textOf(schema['description']) ?? '',
    initial: schema['default'] ?? example,
  };
}

/** The type; of several the one that is left beside null, where that is one. */
function typeOf(schema: Schema): string | undefined {
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (type === undefined && schema['properties'] !== undefined) return 'object';
  return undefined;
}

/** The schema without its reference. Undefined where it is none, or refers outside or in a circle. */
function resolved(schema: ShownJson | undefined, root: ShownJson): Schema | undefined {
  let at = schemaOf(schema);
  for (let steps = 0; at?.['$ref'] !== undefined; steps += 1) {
    const target = textOf(at['$ref']);
    if (target === undefined || !target.startsWith('#') || steps === MAX_REFERENCES) {
      return undefined;
    }
    at = schemaOf(lookUp(root, target.slice(1)));
  }
  return at;
}

function lookUp(root: ShownJson, pointer: string): ShownJson | undefined {
  let at: ShownJson | undefined = root;
  for (const part of decodeURIComponent(pointer).split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const map = schemaOf(at);
    at = map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
  }
  return at;
}

function schemaOf(json: ShownJson | undefined): Schema | undefined {
  const isMap = typeof json === 'object' && json !== null && !Array.isArray(json);
  return isMap ? (json as Schema) : undefined;
}

function listOf(json: ShownJson | undefined): readonly ShownJson[] | undefined {
  return Array.isArray(json) && json.length > 0 ? (json as readonly ShownJson[]) : undefined;
}

function textOf(json: ShownJson | undefined): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function numberOf(json: ShownJson | undefined, otherwise: number): number {
  return typeof json === 'number' ? json : otherwise;
}
