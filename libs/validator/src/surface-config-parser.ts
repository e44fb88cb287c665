// Reads the `config` of a control surface: drops nulls, fills defaults in, and checks the shape with
// the schemas of @basalt/ir. What does not fit is kept as problems for the rules to report.
import { SURFACE_CONFIGS, type SurfaceKind } from '@basalt/ir';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** The parsed configuration of each kind of surface. */
export type SurfaceConfig<K extends SurfaceKind> = Static<(typeof SURFACE_CONFIGS)[K]>;

/** One fault of a configuration. */
export interface ConfigProblem {
  /** RFC 6901 pointer inside the configuration. */
  readonly pointer: string;
  readonly reason: string;
}

export type ParsedConfig<K extends SurfaceKind> =
  | { readonly config: SurfaceConfig<K>; readonly problems: readonly [] }
  | { readonly config: undefined; readonly problems: readonly ConfigProblem[] };

interface CompiledShape {
  readonly Check: (value: unknown) => boolean;
  readonly Errors: (value: unknown) => readonly ShapeError[];
}

interface ShapeError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** Problems that are kept of one configuration. */
const MAX_PROBLEMS = 8;

const compiled = new Map<SurfaceKind, CompiledShape>();

/** Parses one configuration; an absent one is an empty object that lacks every required key. */
export function parseSurfaceConfig<K extends SurfaceKind>(kind: K, raw: unknown): ParsedConfig<K> {
  const value = withDefaults(kind, raw ?? {});
  const shape = compiledShape(kind);
  if (shape.Check(value)) return { config: value as SurfaceConfig<K>, problems: [] };
  const problems = shape.Errors(value).flatMap(readable).slice(0, MAX_PROBLEMS);
  return { config: undefined, problems };
}

function compiledShape(kind: SurfaceKind): CompiledShape {
  let shape = compiled.get(kind);
  if (shape === undefined) {
    shape = Compile(SURFACE_CONFIGS[kind]) as unknown as CompiledShape;
    compiled.set(kind, shape);
  }
  return shape;
}

/** Defaults stand only at the top level of a configuration. */
function withDefaults(kind: SurfaceKind, raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const present = Object.entries(raw).filter(([, value]) => value !== null && value !== undefined);
  const names = new Set(present.map(([name]) => name));
  const properties: object = SURFACE_CONFIGS[kind].properties;
  for (const [name, schema] of Object.entries(properties) as [string, { default?: unknown }][]) {
    if (schema.default !== undefined && !names.has(name)) present.push([name, schema.default]);
  }
  return Object.fromEntries(present);
}

function readable(error: ShapeError): readonly ConfigProblem[] {
  const place = error.instancePath === '' ? 'it' : error.instancePath.slice(1);
  if (error.keyword === 'required') {
    const { requiredProperties } = error.params as { readonly requiredProperties: string[] };
    return requiredProperties.map((name) => ({
      pointer: error.instancePath,
      reason: `${place} lacks ${name}`,
    }));
  }
  return [{ pointer: error.instancePath, reason: `${place} ${reasonOf(error)}` }];
}

function reasonOf({ keyword, params, message }: ShapeError): string {
  const given = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'const':
      return `must be ${JSON.stringify(given['allowedValue'])}`;
    case 'enum':
      return `must be one of ${(given['allowedValues'] as string[]).join(', ')}`;
    case 'type':
      return `must be ${withArticle(String(given['type']))}`;
    case 'minLength':
      return 'must not be empty';
    case 'minProperties':
      return 'must have at least one entry';
    case 'minItems':
      return `must have at least ${String(given['limit'])} entries`;
    case 'pattern':
      return 'must be a pointer: empty, or starting with "/"';
    case 'minimum':
      return `must be at least ${String(given['limit'])}`;
    case 'exclusiveMinimum':
      return `must be above ${String(given['limit'])}`;
    default:
      return message;
  }
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
