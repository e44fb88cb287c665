// Public API of @basalt/diagnostics.

// The finding and the error that carries findings.
export { DiagnosticError } from './diagnostic.js';
export type { Diagnostic, Location, Severity } from './diagnostic.js';

// The registry and its typed constructors.
export { REGISTRY, diagnostic } from './generated/registry.js';
export type { DiagnosticCode } from './generated/registry.js';
export type { CodeEntry, Extras, Param } from './maker.js';
