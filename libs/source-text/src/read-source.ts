// Reads a text by the ending of its name.
import type { SourceText } from './source-text.js';
import { readTomlSource } from './toml-source.js';
import { readYamlSource, type YamlOptions } from './yaml-source.js';

export { readTomlSource, readYamlSource };

/** `.toml` is TOML, everything else YAML, of which JSON is a part. Never throws. */
export function readSource(text: string, file: string, options?: YamlOptions): SourceText {
  return file.toLowerCase().endsWith('.toml')
    ? readTomlSource(text, file)
    : readYamlSource(text, file, options);
}
