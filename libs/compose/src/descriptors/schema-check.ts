// JSON Schemas as functions. The engine is loaded by the first schema, and each schema is compiled once.
import { nearestWord } from '@basalt/diagnostics';
import { parsePointer } from '@basalt/ir';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';

export interface SchemaProblem {
  /** Keys and indices to the part. */
  readonly path: readonly string[];
  /** A key that the schema does not know. */
  readonly unknownKey?: string;
  /** A key like it that the schema knows. */
  readonly nearest?: string | undefined;
  /** What is wrong, as what follows the name of the part. */
  readonly text: string;
}

/** Empty where the value is accepted. */
export type SchemaCheck = (value: unknown) => readonly SchemaProblem[];

export interface SchemaEngine {
  /** Throws where the schema is none. */
  compile(schema: unknown): SchemaCheck;
}

/** Most problems that are told of one value. */
const MOST_PROBLEMS = 50;
const DRAFT_7 = /^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/;

let engine: Promise<SchemaEngine> | undefined;

export function schemaEngine(): Promise<SchemaEngine> {
  engine ??= makeEngine();
  return engine;
}

async function makeEngine(): Promise<SchemaEngine> {
  const { Ajv2020: Current, Ajv: Draft7 } = await import('./schema-engines.js');
  const options = {
    allErrors: true,
    strict: false,
    verbose: true,
    validateFormats: false,
    addUsedSchema: false,
    logger: false,
  } as const;
  const current: Ajv2020 = new Current(options);
  const draft7 = new Draft7(options);
  return {
    compile: (schema) => {
      const isOld = DRAFT_7.test(String((schema as { $schema?: unknown } | null)?.$schema));
      const check = (isOld ? draft7 : current).compile(schema as object);
      return (value) => problemsOf(check, value);
    },
  };
}

function problemsOf(check: ValidateFunction, value: unknown): readonly SchemaProblem[] {
  if (check(value)) return [];
  const errors = check.errors ?? [];
  // The outcome of propertyNames is told by the rule that the name breaks.
  return errors
    .filter(({ keyword }) => keyword !== 'propertyNames')
    .slice(0, MOST_PROBLEMS)
    .map(problemOf);
}

type Params = Readonly<Record<string, unknown>>;

function problemOf(error: ErrorObject): SchemaProblem {
  const path = parsePointer(error.instancePath);
  const params = error.params as Params;
  const description = (error.parentSchema as { description?: unknown } | undefined)?.description;
  if (error.propertyName !== undefined) {
    const name = error.propertyName;
    const wanted = typeof description === 'string' ? `must be ${description}` : error.message!;
    return { path: [...path, name], text: wanted };
  }
  switch (error.keyword) {
    case 'required':
      return { path: [...path, String(params['missingProperty'])], text: 'is missing' };
    case 'additionalProperties': {
      const unknownKey = String(params['additionalProperty']);
      const known = Object.keys(
        (error.parentSchema as { properties?: object } | undefined)?.properties ?? {},
      );
      const nearest = nearestWord(unknownKey, known);
      return { path: [...path, unknownKey], unknownKey, nearest, text: 'is not known' };
    }
    case 'const':
      return { path, text: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'enum':
      return { path, text: `must be one of ${(params['allowedValues'] as string[]).join(', ')}` };
    case 'pattern':
      if (typeof description === 'string') return { path, text: `must be ${description}` };
  }
  return { path, text: error.message ?? 'is not accepted' };
}
