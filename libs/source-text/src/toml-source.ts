// TOML 1.0 through the package toml, which gives places for what it cannot parse; the places of tables and
// keys of a text that it has parsed are found by `tomlPlaces`.
import { checkValue, formatPointer, type Value } from '@basalt/ir';
import type { Location } from '@basalt/diagnostics';
import { parse } from 'toml';
import type { SourcePath, SourceText } from './source-text.js';
import { tomlPlaces, type TomlPlace } from './toml-places.js';

/** What the parser throws: with `location` for what is no TOML, with a place of its own for a key that is
 * defined twice. */
interface TomlError extends Partial<TomlPlace> {
  readonly message: string;
  readonly location?: { readonly start: TomlPlace };
}

/** Never throws. Dates become their text. */
export function readTomlSource(text: string, file: string): SourceText {
  try {
    // What the parser gives has no prototype of its own choosing after this.
    const value = JSON.parse(JSON.stringify(parse(text))) as Value;
    const fault = checkValue(value);
    if (fault !== undefined) {
      return { kind: 'broken', reason: fault.reason, at: { file, pointer: fault.path } };
    }
    let places: ReadonlyMap<string, TomlPlace> | undefined;
    return { kind: 'read', value, at: (path) => locate((places ??= tomlPlaces(text)), file, path) };
  } catch (error) {
    const thrown = error as TomlError;
    const { line = 1, column = 1 } = thrown.location?.start ?? thrown;
    const reason = error instanceof RangeError ? 'it is nested too deeply' : thrown.message;
    return { kind: 'broken', reason, at: { file, line, column } };
  }
}

function locate(places: ReadonlyMap<string, TomlPlace>, file: string, path: SourcePath): Location {
  const pointer = formatPointer(path);
  for (let length = path.length; length >= 0; length -= 1) {
    const place = places.get(formatPointer(path.slice(0, length)));
    if (place !== undefined) return { file, pointer, ...place };
  }
  return { file, pointer, line: 1, column: 1 };
}
