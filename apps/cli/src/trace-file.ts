// Writes a Chrome trace to a file: to a temporary name while the execution goes on, renamed at its end.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ChromeTrace, type RunObserver } from '@basalt/executor';
import type { CommandIo } from './terminal/command-io.js';
import { fileError } from './write-file.js';

export interface OpenTrace {
  readonly observer: RunObserver;
  /** Ends the file and gives it its name. Throws a DiagnosticError when it cannot be written. */
  close(): Promise<void>;
  /** Removes what was not closed. */
  discard(): Promise<void>;
}

export function openTrace(file: string, io: CommandIo): OpenTrace {
  const target = resolve(io.cwd, file);
  const temporary = `${target}.${process.pid}.tmp`;
  const stream = createWriteStream(temporary, { flags: 'w' });
  let failure: unknown;
  stream.on('error', (error) => (failure = error));
  const write = (text: string) =>
    new Promise<void>((done, failed) => {
      if (failure !== undefined) failed(failure as Error);
      else stream.write(text, (error) => (error ? failed(error) : done()));
    });
  const trace = new ChromeTrace({ write });
  let closed = false;
  return {
    observer: trace,
    async close() {
      try {
        await trace.close();
        await new Promise<void>((done) => stream.end(done));
        if (failure !== undefined) throw failure;
        await rename(temporary, target);
        closed = true;
      } catch (error) {
        throw fileError(file, 'written', failure ?? error);
      }
    },
    async discard() {
      if (closed) return;
      stream.destroy();
      await rm(temporary, { force: true });
    },
  };
}
