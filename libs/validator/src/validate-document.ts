// From the text of a flow document to findings with lines and columns.
import type { Diagnostic } from '@basalt/diagnostics';
import { loadFlow, locateValues, type FlowIR, type LoadOptions } from '@basalt/ir';
import { enclosingPointers, nearestPlace } from './findings.js';
import { validateFlow } from './validate-flow.js';
import type { ValidateOptions } from './validate-options.js';

export interface ValidatedDocument {
  /** Undefined where the document could not be loaded. */
  readonly flow: FlowIR | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads a document (text, or bytes of UTF-8) and checks the flow in it. Never throws. The text is
 * searched for places only where there are findings. */
export function validateDocument(
  document: string | Uint8Array,
  options: ValidateOptions & LoadOptions = {},
): ValidatedDocument {
  const { flow, diagnostics } = loadFlow(document, options);
  if (flow === undefined) return { flow, diagnostics };
  const found = validateFlow(flow, options);
  return { flow, diagnostics: placed(found, document, options.file) };
}

function placed(
  diagnostics: readonly Diagnostic[],
  document: string | Uint8Array,
  file: string | undefined,
): readonly Diagnostic[] {
  const unplaced = diagnostics.filter(({ location }) => location?.pointer && !location.line);
  if (unplaced.length === 0) return diagnostics;
  const text = typeof document === 'string' ? document : new TextDecoder().decode(document);
  const pointers = new Set(unplaced.flatMap((d) => enclosingPointers(d.location!.pointer!)));
  const places = locateValues(text.replace(/^\ufeff/, ''), pointers);
  return diagnostics.map((d) => {
    if (d.location?.pointer === undefined || d.location.line !== undefined) return d;
    const location = { ...d.location, ...(file === undefined ? {} : { file }) };
    return { ...d, location: nearestPlace(location, (pointer) => places.get(pointer)) };
  });
}
