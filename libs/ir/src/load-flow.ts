// From a document of any origin to a flow that the rest of the system may rely on: text -> JSON ->
// checked against the schema -> defaults filled in. What a flow means is the validator's concern.
import type { Diagnostic } from '@basalt/diagnostics';
import { Findings } from './findings.js';
import { FlowIRSchema, type FlowIR } from './flow-ir.js';
import { readJson, type JsonLimits } from './read-json.js';
import { compileReader } from './schema-reader.js';

/** How deep subflows may stand in subflows. */
export const MAX_SUBFLOW_DEPTH = 16;

export interface LoadOptions extends JsonLimits {
  /** Name of the document in findings. */
  readonly file?: string;
}

export interface LoadedFlow {
  /** Undefined where there is a finding that is an error. */
  readonly flow: FlowIR | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const readFlow = compileReader(FlowIRSchema);

/** Loads a flow from JSON text, from its bytes, or from an object. Never throws: everything wrong
 * comes back as findings (at most 100, and one that says that there are more), with pointer, line
 * and column where the text is known. In the flow, defaults are filled in, nulls of optional fields
 * are dropped, and keys that the format does not know are left out; the configurations of control
 * surfaces are kept as they are. Time is linear in the size of the document. */
export function loadFlow(input: unknown, options: LoadOptions = {}): LoadedFlow {
  const findings = new Findings();
  const { value, locate } = readJson(input, findings, options);
  if (!findings.empty) {
    return { flow: undefined, diagnostics: findings.placed(options.file, locate) };
  }
  const reading = { findings, path: [], refDepth: 0, maxRefDepth: MAX_SUBFLOW_DEPTH };
  const flow = readFlow(value, reading) as FlowIR;
  if (findings.empty) return { flow, diagnostics: [] };
  return { flow: undefined, diagnostics: findings.placed(options.file, locate) };
}
