// Scans the function `run` of a module given as text, as a node with the given declaration.
import type { NodeIR } from '@basalt/ir';
import { judgeFact } from '../body-scan/judge-fact.js';
import { ModuleSource } from '../body-scan/module-source.js';
import type { FunctionNode } from '../body-scan/syntax-tree.js';
import { scanFunction } from '../body-scan/scan-function.js';

export interface Declaration {
  readonly effects?: NodeIR['effects'];
  readonly determinism?: NodeIR['determinism'];
  readonly effectHints?: readonly string[];
  readonly determinismHints?: readonly string[];
  readonly secrets?: readonly string[];
}

/** "CODE line:column" of each finding; a node that declares nothing is pure and strict. */
export function scanModule(code: string, declared: Declaration = {}): string[] {
  const source = ModuleSource.parse(code);
  if (source === undefined) throw new Error(`not JavaScript: ${code}`);
  const root = source.scopes.functions.findLast((node) => isRun(node, code));
  if (root === undefined) throw new Error(`no function run in: ${code}`);
  const node = {
    alias: 'node',
    effects: 'pure',
    determinism: 'strict',
    effectHints: [],
    determinismHints: [],
    ...declared,
  } as unknown as NodeIR;
  return scanFunction(root, source.scopes).flatMap((fact) => {
    const { line, column } = source.positionOf(fact.node.start);
    return judgeFact(node, fact, { line, column }).map(
      (found) => `${found.code} ${line}:${column}`,
    );
  });
}

/** `const run = (...)`, `function run` or `run(...) {`. */
function isRun(node: FunctionNode, code: string): boolean {
  const before = code.slice(0, node.start);
  return (
    /\brun\s*[=:]\s*$/.test(before) ||
    /\brun$/.test(before) ||
    (node.type === 'FunctionDeclaration' && node.id?.name === 'run')
  );
}
