// The text of a policy as a value, with the place of each part of it. YAML (and so JSON) keeps its
// positions; TOML gives them for what cannot be parsed, and pointers for the rest.
import type { Location } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { parse as parseToml } from 'toml';
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

export type PolicyPath = readonly (string | number)[];

export type PolicyText =
  | {
      readonly kind: 'read';
      readonly value: Value;
      /** The place of a part, or of the nearest part around it. */
      readonly at: (path: PolicyPath) => Location;
    }
  | { readonly kind: 'broken'; readonly reason: string; readonly at: Location };

/** Reads a file by its ending: .toml is TOML, everything else YAML. Never throws. */
export function readPolicyText(text: string, file: string): PolicyText {
  return file.toLowerCase().endsWith('.toml') ? readToml(text, file) : readYaml(text, file);
}

/** What the parser throws. */
interface TomlError {
  readonly message: string;
  readonly location?: { readonly start: { readonly line: number; readonly column: number } };
}

function readToml(text: string, file: string): PolicyText {
  try {
    // What the parser gives has no prototype of its own choosing after this.
    const value = JSON.parse(JSON.stringify(parseToml(text))) as Value;
    return { kind: 'read', value, at: (path) => ({ file, pointer: pointerOf(path) }) };
  } catch (error) {
    const { location, message } = error as TomlError;
    const { line, column } = location?.start ?? { line: 1, column: 1 };
    const at = { file, line, column };
    const reason = error instanceof RangeError ? 'it is nested too deeply' : message;
    return { kind: 'broken', reason, at };
  }
}

function readYaml(text: string, file: string): PolicyText {
  const lines = new LineCounter();
  const broken = (reason: string, offset: number): PolicyText => ({
    kind: 'broken',
    reason,
    at: { file, ...placeAt(lines, offset) },
  });
  try {
    // Aliases can blow a small file up; a policy needs none.
    const options = { lineCounter: lines, prettyErrors: false, schema: 'core' } as const;
    const document = parseDocument(text, options) as Document;
    const [error] = document.errors;
    if (error !== undefined) return broken(error.message, error.pos[0]);
    const value = document.toJS({ maxAliasCount: 0 }) as Value;
    return { kind: 'read', value, at: (path) => locate(document, lines, file, path) };
  } catch (error) {
    return broken(error instanceof RangeError ? 'it is nested too deeply' : String(error), 0);
  }
}

function pointerOf(path: PolicyPath): string {
  return path.map((step) => `/${step}`).join('');
}

function placeAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function locate(document: Document, lines: LineCounter, file: string, path: PolicyPath): Location {
  const pointer = pointerOf(path);
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { readonly range?: readonly number[] } | null)?.range;
    if (range?.[0] === undefined) continue;
    const offset = keyOffset(document, path.slice(0, length)) ?? range[0];
    return { file, pointer, ...placeAt(lines, offset) };
  }
  return { file, pointer, line: 1, column: 1 };
}

/** Where the key of a map entry starts, which tells more than where its value does. */
function keyOffset(document: Document, path: PolicyPath): number | undefined {
  if (path.length === 0) return undefined;
  const parent: unknown =
    path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isSeq(parent) || !isMap(parent)) return undefined;
  const pair = parent.items.find((item) => String(item.key) === path.at(-1));
  return (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0];
}
