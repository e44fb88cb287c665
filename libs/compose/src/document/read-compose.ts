// Reads a compose.yaml: text to canonical steps, with every finding placed by line.
import { diagnostic, isError, type Diagnostic } from '@basalt/diagnostics';
import { parsePointer } from '@basalt/ir';
import { readYamlSource } from '@basalt/source-text';
import { normaliseCompose, type NormalisedCompose } from './normalise-compose.js';

/** Largest compose, in characters. */
export const MAX_COMPOSE_LENGTH = 4_000_000;
/** How many nodes aliases may add. */
const MAX_ALIASES = 100;

export interface ReadCompose {
  /** Undefined where there are errors. */
  readonly compose: NormalisedCompose | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** `file` names the text in findings. Never throws. */
export function readCompose(text: string, file: string): ReadCompose {
  if (text.length > MAX_COMPOSE_LENGTH) {
    const reason = `it is longer than ${MAX_COMPOSE_LENGTH} characters`;
    return { compose: undefined, diagnostics: [diagnostic.COMP001({ reason }, { file })] };
  }
  const source = readYamlSource(text, file, { maxAliases: MAX_ALIASES });
  if (source.kind === 'broken') {
    const finding = diagnostic.COMP001({ reason: source.reason }, source.at);
    return { compose: undefined, diagnostics: [finding] };
  }
  const compose = normaliseCompose(source.value);
  const diagnostics = compose.diagnostics.map((finding) => ({
    ...finding,
    location: source.at(sourcePath(finding.location?.pointer ?? '')),
  }));
  return { compose: diagnostics.some(isError) ? undefined : compose, diagnostics };
}

function sourcePath(pointer: string): readonly (string | number)[] {
  return parsePointer(pointer).map((token) =>
    /^(0|[1-9]\d*)$/.test(token) ? Number(token) : token,
  );
}
