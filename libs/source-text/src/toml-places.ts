// Where the tables and keys of a TOML text are written. The text was parsed before, so it is well formed:
// this follows only what moves from key to key (table headers, keys, and the ends of values).
import { formatPointer } from '@basalt/ir';

/** Line and column, from 1. */
export interface TomlPlace {
  readonly line: number;
  readonly column: number;
}

/** Pointer -> place of the header or key that defines the part. Keys inside inline tables and arrays are
 * placed by the key around them. */
export function tomlPlaces(text: string): ReadonlyMap<string, TomlPlace> {
  const walk = new TomlWalk(text);
  walk.document();
  return walk.places;
}

const KEY = /[A-Za-z0-9_-]+/y;

class TomlWalk {
  readonly places = new Map<string, TomlPlace>();
  private offset = 0;
  private line = 1;
  private lineStart = 0;
  private table: (string | number)[] = [];
  /** How many tables each array of tables has so far, by pointer. */
  private readonly counts = new Map<string, number>();

  constructor(private readonly text: string) {}

  document(): void {
    for (;;) {
      this.blank();
      if (this.offset >= this.text.length) return;
      const place = { line: this.line, column: this.offset - this.lineStart + 1 };
      if (this.text[this.offset] === '[') this.header(place);
      else this.entry(place);
      this.restOfLine();
    }
  }

  /** Spaces, line ends and comments between entries. */
  private blank(): void {
    for (;;) {
      const at = this.text[this.offset];
      if (at === '#') this.restOfLine();
      else if (at === ' ' || at === '\t' || at === '\r' || at === '\n') this.step();
      else return;
    }
  }

  private step(): void {
    if (this.text[this.offset] === '\n') {
      this.line += 1;
      this.lineStart = this.offset + 1;
    }
    this.offset += 1;
  }

  private restOfLine(): void {
    while (this.offset < this.text.length && this.text[this.offset] !== '\n') this.step();
  }

  private header(place: TomlPlace): void {
    const isArray = this.text.startsWith('[[', this.offset);
    this.offset += isArray ? 2 : 1;
    const path = this.through(this.keys(), isArray);
    if (isArray) {
      const pointer = formatPointer(path);
      const index = this.counts.get(pointer) ?? 0;
      this.counts.set(pointer, index + 1);
      if (index === 0) this.put(path, place);
      path.push(index);
    }
    this.table = path;
    this.put(path, place);
  }

  /** The path of a header: a key that names an array of tables means its last table. */
  private through(keys: readonly string[], isArray: boolean): (string | number)[] {
    const path: (string | number)[] = [];
    keys.forEach((key, i) => {
      path.push(key);
      const count = this.counts.get(formatPointer(path));
      if (count !== undefined && !(isArray && i === keys.length - 1)) path.push(count - 1);
    });
    return path;
  }

  private entry(place: TomlPlace): void {
    const keys = this.keys();
    for (let length = 1; length <= keys.length; length += 1) {
      this.put([...this.table, ...keys.slice(0, length)], place);
    }
    while (this.offset < this.text.length && this.text[this.offset] !== '=') this.step();
    this.step();
    this.value();
  }

  private put(path: readonly (string | number)[], place: TomlPlace): void {
    const pointer = formatPointer(path);
    if (!this.places.has(pointer)) this.places.set(pointer, place);
  }

  /** A dotted key. */
  private keys(): readonly string[] {
    const keys: string[] = [];
    for (;;) {
      this.spaces();
      keys.push(this.key());
      this.spaces();
      if (this.text[this.offset] !== '.') return keys;
      this.offset += 1;
    }
  }

  private spaces(): void {
    while (this.text[this.offset] === ' ' || this.text[this.offset] === '\t') this.offset += 1;
  }

  private key(): string {
    const quote = this.text[this.offset];
    if (quote === '"' || quote === "'") {
      const start = this.offset;
      this.quoted(quote);
      const written = this.text.slice(start, this.offset);
      return quote === "'" ? written.slice(1, -1) : basicText(written);
    }
    KEY.lastIndex = this.offset;
    const found = KEY.exec(this.text)?.[0] ?? '';
    this.offset += Math.max(found.length, 1);
    return found;
  }

  /** A value up to the end of its line, or of the lines that its brackets and texts span. */
  private value(): void {
    for (let depth = 0; this.offset < this.text.length;) {
      const at = this.text[this.offset]!;
      if (at === '"' || at === "'") this.quoted(at);
      else if (at === '#') this.restOfLine();
      else if (at === '\n' && depth === 0) return;
      else {
        if (at === '[' || at === '{') depth += 1;
        if (at === ']' || at === '}') depth -= 1;
        this.step();
      }
    }
  }

  /** A text in quotes, of one line or of many. */
  private quoted(quote: string): void {
    const long = quote.repeat(3);
    const end = this.text.startsWith(long, this.offset) ? long : quote;
    this.offset += end.length;
    while (this.offset < this.text.length && !this.text.startsWith(end, this.offset)) {
      if (quote === '"' && this.text[this.offset] === '\\') this.offset += 1;
      this.step();
    }
    this.offset += end.length;
    // A long text may end with up to two quotes of its own.
    while (end === long && this.text[this.offset] === quote) this.offset += 1;
  }
}

function basicText(written: string): string {
  const long = /\\U([0-9A-Fa-f]{8})/g;
  const json = written.replace(long, (_, code: string) => String.fromCodePoint(parseInt(code, 16)));
  try {
    return JSON.parse(json) as string;
  } catch {
    return written.slice(1, -1);
  }
}
