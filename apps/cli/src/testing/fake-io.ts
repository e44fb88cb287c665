// The outside of a command, in memory.
import { Chalk } from 'chalk';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../terminal/command-io.js';

export interface FakeIo {
  readonly io: CommandIo;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly interrupt: AbortController;
}

/** An io that keeps what is printed; anything of it may be replaced. */
export function fakeIo(parts: Partial<CommandIo> = {}): FakeIo {
  let stdout = '';
  let stderr = '';
  const interrupt = new AbortController();
  const plain = new Chalk({ level: 0 });
  const io: CommandIo = {
    cwd: process.cwd(),
    installation: fileURLToPath(new URL('../../dist/', import.meta.url)),
    env: {},
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    readStdin: () => Promise.resolve(new Uint8Array()),
    inputIsTerminal: false,
    interactive: false,
    outStyle: plain,
    errStyle: plain,
    signal: interrupt.signal,
    ...parts,
  };
  return { io, stdout: () => stdout, stderr: () => stderr, interrupt };
}
