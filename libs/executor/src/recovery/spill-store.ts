// Keeps large or waiting messages outside memory, in a blob store. What is read back is checked
// against the hash of what was written, so that a store which loses or alters bytes is noticed and
// never taken for data.
import type { BlobStore } from '@basalt/capabilities';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { decodeCanonical, encodeCanonical, hashBytes, type Value } from '@basalt/ir';

/** Stands for a spilled value; it is all that stays in memory. */
export interface SpillTicket {
  /** Where the value is in the blob store. */
  readonly key: string;
  /** Size of its canonical CBOR. */
  readonly bytes: number;
  /** BLAKE3-256 of its canonical CBOR, lower-case hex. */
  readonly hash: string;
}

/** The spilled messages of one execution. */
export class SpillStore {
  readonly #blob: BlobStore;
  readonly #prefix: string;
  readonly #kept = new Set<string>();

  /** @param prefix goes before every key; it has to differ between executions that share a store. */
  constructor(blob: BlobStore, prefix: string) {
    this.#blob = blob;
    this.#prefix = prefix;
  }

  /** Values that were put and not discarded. */
  get size(): number {
    return this.#kept.size;
  }

  /** Writes a value; `edge` and `seq` together are used once. The caller keeps the value until this
   * resolves. @throws DiagnosticError RUN320 when it was not stored. */
  async put(edge: string, seq: number, value: Value): Promise<SpillTicket> {
    const encoded = encodeCanonical(value);
    const key = `${this.#prefix}/${encodeURIComponent(edge)}/${seq}`;
    const ticket = { key, bytes: encoded.length, hash: hashBytes(encoded) };
    // Before the write: one that fails may have left a part behind.
    this.#kept.add(key);
    try {
      await this.#blob.put(key, encoded);
    } catch (error) {
      const params = { edge, bytes: encoded.length, reason: reasonOf(error) };
      throw new DiagnosticError([diagnostic.RUN320(params)], { cause: error });
    }
    return ticket;
  }

  /** Reads a value back; it stays until it is discarded.
   * @throws DiagnosticError RUN321 when the store fails or has lost it, RUN322 when it is damaged. */
  async load(ticket: SpillTicket): Promise<Value> {
    const { key } = ticket;
    let found: Uint8Array | undefined;
    try {
      found = await this.#blob.get(key);
    } catch (error) {
      const lost = diagnostic.RUN321({ key, reason: reasonOf(error) });
      throw new DiagnosticError([lost], { cause: error });
    }
    if (found === undefined) {
      throw new DiagnosticError([diagnostic.RUN321({ key, reason: 'it is not there any more' })]);
    }
    const problem = damageOf(found, ticket);
    if (problem !== undefined) {
      throw new DiagnosticError([diagnostic.RUN322({ key, problem })]);
    }
    return decodeCanonical(found);
  }

  /** Removes a value; nothing happens when it is gone already.
   * @throws DiagnosticError RUN323 when the store fails; `clear` will try again. */
  async discard(ticket: SpillTicket): Promise<void> {
    await this.#remove(ticket.key);
  }

  /** Removes everything that was not discarded, at the end of the execution; tries each even where
   * one fails. @throws DiagnosticError RUN323, one for each that could not be removed. */
  async clear(): Promise<void> {
    const results = await Promise.allSettled([...this.#kept].map((key) => this.#remove(key)));
    const [first, ...others] = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => (reason as DiagnosticError).diagnostic);
    if (first !== undefined) throw new DiagnosticError([first, ...others]);
  }

  async #remove(key: string): Promise<void> {
    try {
      await this.#blob.delete(key);
    } catch (error) {
      const left = diagnostic.RUN323({ key, reason: reasonOf(error) });
      throw new DiagnosticError([left], { cause: error });
    }
    this.#kept.delete(key);
  }
}

function damageOf(found: Uint8Array, { bytes, hash }: SpillTicket): string | undefined {
  if (found.length !== bytes) return `it has ${found.length} bytes instead of ${bytes}`;
  if (hashBytes(found) !== hash) return 'its checksum differs';
  return undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
