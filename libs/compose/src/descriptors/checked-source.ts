// Structured texts that must have the shape of a schema: every problem becomes a finding with its line.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import {
  readTomlSource,
  readYamlSource,
  type SourcePath,
  type SourceText,
} from '@basalt/source-text';
import { schemaEngine, type SchemaCheck, type SchemaProblem } from './schema-check.js';

/** Largest file of these kinds, in characters. */
export const MAX_SOURCE_LENGTH = 4_000_000;

export interface CheckedSource {
  /** Undefined where there are errors. */
  readonly value: Value | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The place of a part. */
  readonly at: (path: SourcePath) => Location;
}

/** A kind of file. `name` starts the sentences of findings, such as "The descriptor". */
export interface SourceKind {
  readonly name: string;
  readonly schema: object;
  readonly syntax: 'toml' | 'json';
}

const checks = new WeakMap<SourceKind, Promise<SchemaCheck>>();

/** Never throws. */
export async function checkSource(
  text: string,
  file: string,
  kind: SourceKind,
): Promise<CheckedSource> {
  if (text.length > MAX_SOURCE_LENGTH) {
    const reason = `it is longer than ${MAX_SOURCE_LENGTH} characters`;
    return broken(kind, reason, { file });
  }
  const source = readText(text, file, kind);
  if (source.kind === 'broken') return broken(kind, source.reason, source.at);
  let check = checks.get(kind);
  if (check === undefined) {
    check = schemaEngine().then((engine) => engine.compile(kind.schema));
    checks.set(kind, check);
  }
  const problems = (await check)(source.value);
  const diagnostics = problems.map((problem) => finding(problem, kind, source.at));
  return {
    value: problems.length === 0 ? source.value : undefined,
    diagnostics,
    at: source.at,
  };
}

function readText(text: string, file: string, { syntax }: SourceKind): SourceText {
  return syntax === 'toml' ? readTomlSource(text, file) : readYamlSource(text, file);
}

function broken({ name }: SourceKind, reason: string, at: Location): CheckedSource {
  const told = diagnostic.COMP201({ what: name, reason: reason.replace(/\.$/, '') }, at);
  return { value: undefined, diagnostics: [told], at: () => at };
}

function finding(
  { path, unknownKey, nearest, text }: SchemaProblem,
  kind: SourceKind,
  at: CheckedSource['at'],
): Diagnostic {
  const location = at(path.map((key) => (/^(0|[1-9]\d*)$/.test(key) ? Number(key) : key)));
  if (unknownKey !== undefined) {
    const where = path.length === 1 ? kind.name.toLowerCase() : path.slice(0, -1).join('.');
    const help = nearest === undefined ? {} : { help: `Did you mean ${nearest}?` };
    return diagnostic.COMP203({ key: unknownKey, where }, location, help);
  }
  const part = path.length === 0 ? kind.name : path.join('.');
  return diagnostic.COMP202({ part, problem: text }, location);
}
