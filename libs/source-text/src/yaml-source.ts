// YAML 1.2, core schema: dates stay text, keys are text, and merge keys are keys like any other.
import { checkValue, formatPointer, type Value } from '@basalt/ir';
import type { Location } from '@basalt/diagnostics';
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { SourcePath, SourceText } from './source-text.js';

export interface YamlOptions {
  /** How many nodes aliases may add; 0, the default, allows no aliases. Without a bound a small text could
   * stand for gigabytes. */
  readonly maxAliases?: number | undefined;
}

/** Never throws. */
export function readYamlSource(text: string, file: string, options: YamlOptions = {}): SourceText {
  const lines = new LineCounter();
  const broken = (reason: string, offset: number): SourceText => ({
    kind: 'broken',
    reason,
    at: { file, ...placeAt(lines, offset) },
  });
  try {
    const parsing = { lineCounter: lines, prettyErrors: false, schema: 'core' } as const;
    const document = parseDocument(text, parsing) as Document;
    const [error] = document.errors;
    if (error !== undefined) return broken(firstLine(error.message), error.pos[0]);
    const value = document.toJS({ maxAliasCount: options.maxAliases ?? 0 }) as Value;
    const fault = checkValue(value);
    if (fault !== undefined) return broken(`${fault.path || 'the text'}: ${fault.reason}`, 0);
    return { kind: 'read', value, at: (path) => locate(document, lines, file, path) };
  } catch (error) {
    return broken(failureReason(error), 0);
  }
}

function failureReason(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  const message = error instanceof Error ? error.message : String(error);
  return /alias/i.test(message) ? `its aliases are not allowed: ${firstLine(message)}` : message;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!;
}

function placeAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function locate(document: Document, lines: LineCounter, file: string, path: SourcePath): Location {
  const pointer = formatPointer(path);
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
function keyOffset(document: Document, path: SourcePath): number | undefined {
  if (path.length === 0) return undefined;
  const parent: unknown =
    path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isSeq(parent) || !isMap(parent)) return undefined;
  const pair = parent.items.find((item) => String(item.key) === path.at(-1));
  return (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0];
}
