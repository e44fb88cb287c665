// The text and the tree of the module that a handler was written in.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getLineInfo } from 'acorn';
import { registeredCode } from '../source-maps.js';
import { analyseScopes, type ModuleScopes } from './scope-analysis.js';
import { childrenOf, isFunctionNode, parseProgram, type FunctionNode } from './syntax-tree.js';
import type { AnyNode } from 'acorn';

/** Reads the code that runs for a module URL; undefined where it is not known. */
export type ReadSource = (url: string) => string | undefined;

/** A module that was read. */
export class ModuleSource {
  readonly scopes: ModuleScopes;
  #byText: Map<string, FunctionNode[]> | undefined;

  private constructor(
    readonly code: string,
    scopes: ModuleScopes,
  ) {
    this.scopes = scopes;
  }

  /** undefined where the text is not JavaScript. */
  static parse(code: string): ModuleSource | undefined {
    const program = parseProgram(code);
    return program && new ModuleSource(code, analyseScopes(program));
  }

  /** The function with this text, as Function.prototype.toString gives it; of several, the one whose
   * call starts nearest before or at `site`. */
  functionWith(text: string, site?: { readonly line: number; readonly column: number }) {
    this.#byText ??= this.#index();
    const found = this.#byText.get(text) ?? [];
    if (found.length < 2 || site === undefined) return found[0];
    const offset = this.offsetOf(site);
    return found.find((node) => node.start >= offset) ?? found[0];
  }

  /** Line and column, both from 1, of an offset. */
  positionOf(offset: number): { readonly line: number; readonly column: number } {
    const { line, column } = getLineInfo(this.code, offset);
    return { line, column: column + 1 };
  }

  /** Offset of a line and column. */
  offsetOf({ line, column }: { readonly line: number; readonly column: number }): number {
    let offset = 0;
    for (let at = 1; at < line; at++) {
      const end = this.code.indexOf('\n', offset);
      if (end < 0) break;
      offset = end + 1;
    }
    return offset + column - 1;
  }

  #index(): Map<string, FunctionNode[]> {
    const index = new Map<string, FunctionNode[]>();
    const add = (node: AnyNode, value: FunctionNode): void => {
      const text = this.code.slice(node.start, node.end);
      index.set(text, [...(index.get(text) ?? []), value]);
    };
    const visit = (node: AnyNode): void => {
      if (isFunctionNode(node)) add(node, node);
      // Methods and accessors: their text includes the key.
      if ((node.type === 'Property' && node.method) || node.type === 'MethodDefinition') {
        if (node.value.type === 'FunctionExpression') add(node, node.value);
      }
      for (const child of childrenOf(node)) visit(child);
    };
    visit(this.scopes.program);
    return index;
  }
}

/** The code of a module: what a loader registered, what `readSource` gives, or the file itself. */
export function readModuleCode(
  url: string,
  readSource: ReadSource | undefined,
): string | undefined {
  const code = registeredCode(url) ?? readSource?.(url);
  if (code !== undefined || !/^file:.*\.[cm]?js$/.test(url)) return code;
  try {
    return readFileSync(fileURLToPath(url), 'utf8');
  } catch {
    return undefined;
  }
}
