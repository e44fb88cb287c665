// Public API of @basalt/source-text.

// Texts as values whose parts keep their places.
export { readSource, readTomlSource, readYamlSource } from './read-source.js';
export type { SourcePath, SourceText } from './source-text.js';
export type { YamlOptions } from './yaml-source.js';
