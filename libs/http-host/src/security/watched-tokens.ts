// The tokens of a host, which follow their file: it is read when the host starts, and again whenever it
// has changed. A new file counts as a whole or not at all: where anything in it is not understood, the
// tokens from before stay.
import { unwatchFile, watchFile } from 'node:fs';
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { readTokenFile, type TokenEntry } from './token-file.js';
import { TokenRegistry } from './token-registry.js';

/** What became of a file that was read again. */
export interface Reloaded {
  /** How many tokens there are now. */
  readonly tokens: number;
  /** HTTP218 where the file is not usable. */
  readonly fault?: Diagnostic;
}

export class WatchedTokens {
  readonly #file: string;
  #registry: TokenRegistry;

  /** @throws DiagnosticError HTTP200 where the file is not usable. */
  constructor(file: string) {
    this.#file = file;
    this.#registry = new TokenRegistry(readTokenFile(file));
  }

  find(token: string): TokenEntry | undefined {
    return this.#registry.find(token);
  }

  /** What an entry that was found earlier is now; undefined where its token was withdrawn since. */
  current(entry: TokenEntry): TokenEntry | undefined {
    return this.#registry.current(entry);
  }

  /** Reads the file again. */
  reload(): Reloaded {
    try {
      this.#registry = new TokenRegistry(readTokenFile(this.#file));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      const problem = error.diagnostic.message.replace(/\.$/, '');
      const fault = diagnostic.HTTP218({ problem });
      return { tokens: this.#registry.size, fault };
    }
    return { tokens: this.#registry.size };
  }

  /** Calls back after each change of the file, until the returned function is called. The file is
   * looked at every `intervalMs`: that also sees a file, or a folder above it, that was replaced, which
   * the notices of operating systems do not. */
  onChange(intervalMs: number, changed: () => void): () => void {
    const listener = () => changed();
    watchFile(this.#file, { interval: intervalMs, persistent: false }, listener);
    return () => unwatchFile(this.#file, listener);
  }
}
