// Reads an lcp.toml: its shape by the published schema, then what a schema cannot say.
import { diagnostic, isError, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { SourcePath } from '@basalt/source-text';
import { checkSource, type CheckedSource, type SourceKind } from './checked-source.js';
import { parseComponentId, segmentProblem } from './component-id.js';
import type { DescribedPort, Descriptor } from './descriptor.js';
import { LCP_SCHEMA } from './lcp-schema.js';
import { schemaEngine, type SchemaEngine } from './schema-check.js';

export interface ReadDescriptor {
  /** Undefined where there are errors. */
  readonly descriptor: Descriptor | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly at: (path: SourcePath) => Location;
}

const DESCRIPTOR: SourceKind = { name: 'The descriptor', schema: LCP_SCHEMA, syntax: 'toml' };

/** `file` names the text in findings. Never throws. */
export async function readDescriptor(text: string, file: string): Promise<ReadDescriptor> {
  const source = await checkSource(text, file, DESCRIPTOR);
  if (source.value === undefined) return { ...source, descriptor: undefined };
  const descriptor = source.value as unknown as Descriptor;
  const diagnostics = [
    ...identityFindings(descriptor, source),
    ...portFindings(descriptor, source, await schemaEngine()),
    ...hintFindings(descriptor, source),
  ];
  return {
    descriptor: diagnostics.some(isError) ? undefined : descriptor,
    diagnostics,
    at: source.at,
  };
}

function identityFindings(descriptor: Descriptor, { at }: CheckedSource): readonly Diagnostic[] {
  const { id, version, kind } = descriptor;
  const found: Diagnostic[] = [];
  const ids: readonly (readonly [string, SourcePath])[] = [
    [id, ['id']],
    ...(descriptor.implements === undefined
      ? []
      : [[descriptor.implements, ['implements']] as const]),
    ...(descriptor.deps?.requires ?? []).map((one) => [one, ['deps', 'requires']] as const),
  ];
  for (const [one, path] of ids) {
    const problem = segmentProblem(parseComponentId(one)?.segments ?? []);
    if (problem !== undefined) found.push(diagnostic.COMP204({ id: one, problem }, at(path)));
  }
  const inId = parseComponentId(id)?.version;
  if (inId !== version) {
    found.push(diagnostic.COMP208({ id, version }, at(['version'])));
  }
  for (const key of ['implements', 'implMatrix'] as const) {
    if (kind === 'contract' && descriptor[key] !== undefined) {
      found.push(diagnostic.COMP207({ key }, at([key])));
    }
  }
  return found;
}

function portFindings(
  descriptor: Descriptor,
  source: CheckedSource,
  engine: SchemaEngine,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const side of ['inputs', 'outputs', 'slots'] as const) {
    for (const [name, port] of Object.entries(descriptor[side] ?? {})) {
      found.push(...portProblems(port as DescribedPort, [side, name], source, engine));
    }
  }
  return found;
}

function portProblems(
  port: Partial<DescribedPort>,
  path: readonly string[],
  { at }: CheckedSource,
  engine: SchemaEngine,
): readonly Diagnostic[] {
  if (port.schema === undefined) return [];
  const what = path.join('.');
  let check;
  try {
    check = engine.compile(JSON.parse(port.schema));
  } catch (error) {
    const params = { what, reason: firstLine(error) };
    return [diagnostic.COMP205(params, at([...path, 'schema']))];
  }
  if (port.default === undefined) return [];
  const place = at([...path, 'default']);
  try {
    const [problem] = check(JSON.parse(port.default));
    if (problem === undefined) return [];
    const reason = `${problem.path.join('.') || 'it'} ${problem.text}`;
    return [diagnostic.COMP209({ what, reason }, place)];
  } catch (error) {
    return [diagnostic.COMP209({ what, reason: firstLine(error) }, place)];
  }
}

function hintFindings({ hints }: Descriptor, { at }: CheckedSource): readonly Diagnostic[] {
  const { retries = 0, idempotent, pure } = hints ?? {};
  if (retries === 0 || idempotent === true || pure === true) return [];
  return [diagnostic.COMP210({ retries }, at(['hints', 'retries']))];
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n', 1)[0]!.replace(/\.$/, '');
}
