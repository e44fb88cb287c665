// Paths as they are written: "$" and the name of a scope, then keys and indices with dots between them.
import { STATE } from './compose-model.js';

const PATH = /^(\$(?:slot|run|env|globals)?)(?:\.(.*))?$/s;

/** Whether a text is a path, and not itself. */
export function isPath(text: string): boolean {
  return text === STATE || PATH.test(text);
}

export interface PathText {
  /** "$", "$slot", "$run", "$env" or "$globals". */
  readonly scope: string;
  /** Undefined for the whole scope. */
  readonly keys: readonly string[] | undefined;
}

/** The parts of a text; one that is no path is the whole state. */
export function parsePath(text: string): PathText {
  const [, scope = '$', rest] = PATH.exec(text) ?? [];
  return { scope, keys: rest?.split('.') };
}

/** Why a path cannot lead anywhere; undefined for one that can, and for text that is no path. */
export function pathProblem(text: string): string | undefined {
  return parsePath(text).keys?.includes('') === true
    ? 'a part between two dots is empty'
    : undefined;
}
