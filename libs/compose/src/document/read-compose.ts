// Reads a compose.yaml: text to canonical steps, with every finding placed by line.
import { diagnostic, isError, type Diagnostic, type Location } from '@basalt/diagnostics';
import { parsePointer, type Value } from '@basalt/ir';
import { readYamlSource } from '@basalt/source-text';
import { isMap } from './plain-values.js';
import { normaliseCompose, type NormalisedCompose } from './normalise-compose.js';

/** Largest compose, in characters. */
export const MAX_COMPOSE_LENGTH = 4_000_000;
/** How many nodes aliases may add. */
const MAX_ALIASES = 100;

export interface ReadCompose {
  /** Undefined where there are errors. */
  readonly compose: NormalisedCompose | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Where the part with an RFC 6901 pointer is written, or the nearest part around it. */
  readonly locate: (pointer: string) => Location;
}

/** `file` names the text in findings. Never throws. */
export function readCompose(text: string, file: string): ReadCompose {
  if (text.length > MAX_COMPOSE_LENGTH) {
    const reason = `it is longer than ${MAX_COMPOSE_LENGTH} characters`;
    return unread(diagnostic.COMP001({ reason }, { file }));
  }
  const source = readYamlSource(text, file, { maxAliases: MAX_ALIASES });
  if (source.kind === 'broken') {
    return unread(diagnostic.COMP001({ reason: source.reason }, source.at));
  }
  const compose = normaliseCompose(source.value);
  const locate = (pointer: string) => source.at(writtenPath(source.value, pointer));
  const diagnostics = compose.diagnostics.map((finding) => ({
    ...finding,
    location: locate(finding.location?.pointer ?? ''),
  }));
  return { compose: diagnostics.some(isError) ? undefined : compose, diagnostics, locate };
}

function unread(finding: Diagnostic): ReadCompose {
  return { compose: undefined, diagnostics: [finding], locate: () => finding.location ?? {} };
}

/** Where the part of the canonical form that a pointer names stands in the text, which may have `children` for
 * `slots`, a list of steps for the slot `body`, and one step for a list of one. */
function writtenPath(document: Value, pointer: string): readonly (string | number)[] {
  const path: (string | number)[] = [];
  let at: unknown = document;
  for (const token of parsePointer(pointer)) {
    if (token === 'body' && path.at(-1) !== undefined && Array.isArray(at)) continue;
    if (token === '0' && isMap(at) && typeof at['call'] === 'string') continue;
    const isOld = token === 'slots' && isMap(at) && at['slots'] === undefined;
    const key = isOld ? 'children' : /^(0|[1-9]\d*)$/.test(token) ? Number(token) : token;
    path.push(key);
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  }
  return path;
}
