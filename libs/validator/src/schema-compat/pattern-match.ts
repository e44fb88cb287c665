// Matches `pattern` keywords without ever hanging: an expression whose matching may take exponential
// time, or that is no expression, is not decided.

const MAX_COST = 1_000_000;
const compiled = new Map<string, RegExp | null>();

/** True or false when the text matches, undefined when that is not decided. */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  const quantifiers = unboundedQuantifiers(pattern);
  if (quantifiers === undefined || (text.length + 1) ** (quantifiers + 1) > MAX_COST) {
    return undefined;
  }
  const expression = compile(pattern);
  return expression === null ? undefined : expression.test(text);
}

function compile(pattern: string): RegExp | null {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  let expression: RegExp | null = null;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    // Not an expression of ECMA-262: nothing is known about what it matches.
  }
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(pattern, expression);
  return expression;
}

/** How many quantifiers can stretch, or undefined when a group is repeated, referred to or looked
 * around: those may backtrack exponentially. */
function unboundedQuantifiers(pattern: string): number | undefined {
  if (pattern.length > 500) return undefined;
  const bare = pattern.replace(/\\[^1-9k]/g, 'x').replace(/\[(?:\\.|[^\]\\])*\]/g, 'x');
  if (/\\|\)[*+?{]|\(\?[=!<]/.test(bare)) return undefined;
  return bare.match(/[*+?]|\{\d*,\d*\}/g)?.length ?? 0;
}
