// Public API of @basalt/diagnostics.

// The finding and the error that carries findings.
export { DiagnosticError } from './diagnostic.js';
export type { Diagnostic, Location, Severity } from './diagnostic.js';

// The registry and its typed constructors.
export { REGISTRY, diagnostic } from './generated/registry.js';
export type { DiagnosticCode } from './generated/registry.js';
export type { CodeEntry, Extras, Param } from './maker.js';

// Lists of findings.
export { hasErrors, isError, sortDiagnostics } from './diagnostic-order.js';

// Findings and codes for people.
export { formatDiagnostic, formatLocation } from './render.js';
export type { DiagnosticColors, FormatOptions } from './render.js';
export { allCodes, explainCode, suggestCode } from './explain.js';
export type { CodePage } from './explain.js';
export { nearestWord } from './nearest-word.js';
export { printable } from './printable.js';
