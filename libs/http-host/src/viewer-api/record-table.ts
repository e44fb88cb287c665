// Records by name, in the order in which they came. Most runs have a handful of nodes, for which a list
// takes half the memory of a map and is as fast; large ones get a map.

/** Longest list that is searched from end to end. */
const MAX_LIST = 12;

export class RecordTable<T> {
  readonly #nameOf: (record: T) => string;
  #records: T[] | undefined = undefined;
  #byName: Map<string, T> | undefined = undefined;

  constructor(nameOf: (record: T) => string) {
    this.#nameOf = nameOf;
  }

  get size(): number {
    return this.#records?.length ?? 0;
  }

  get(name: string): T | undefined {
    if (this.#byName !== undefined) return this.#byName.get(name);
    const records = this.#records;
    if (records === undefined) return undefined;
    for (const record of records) if (this.#nameOf(record) === name) return record;
    return undefined;
  }

  /** Adds a record whose name is new. */
  add(record: T): void {
    // A list of one takes no room for more; the next ones do.
    if (this.#records === undefined) this.#records = [record];
    else this.#records.push(record);
    if (this.#byName !== undefined) this.#byName.set(this.#nameOf(record), record);
    else if (this.#records.length > MAX_LIST) {
      this.#byName = new Map(this.#records.map((one) => [this.#nameOf(one), one]));
    }
  }

  values(): readonly T[] {
    return this.#records ?? [];
  }
}
