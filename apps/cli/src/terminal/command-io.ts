// The outside of one command: streams, working folder, colour. Commands use this and never `process`,
// so that tests run them in-process.
import { Chalk, type ChalkInstance } from 'chalk';

export interface CommandIo {
  readonly cwd: string;
  /** The folder of the built command: main.js, with the shipped flows in examples. */
  readonly installation: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. Wait for what it gives where there may be many: the reader is behind. */
  out(text: string): void | Promise<void>;
  /** Everything else. */
  err(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** Whether stdin is a terminal, where nobody expects to be asked. */
  readonly inputIsTerminal: boolean;
  /** Whether a person watches stderr. */
  readonly interactive: boolean;
  /** For stdout and for stderr: colour only on a terminal and never with NO_COLOR. */
  readonly outStyle: ChalkInstance;
  readonly errStyle: ChalkInstance;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The io of this process. */
export function processIo(signal: AbortSignal, installation: string): CommandIo {
  const colour = (stream: NodeJS.WriteStream) =>
    new Chalk({ level: stream.isTTY && !process.env['NO_COLOR'] ? 1 : 0 });
  return {
    cwd: process.cwd(),
    installation,
    env: process.env,
    out: (text) => {
      if (process.stdout.write(text)) return undefined;
      return new Promise((resolve) => process.stdout.once('drain', resolve));
    },
    err: (text) => void process.stderr.write(text),
    readStdin,
    inputIsTerminal: process.stdin.isTTY === true,
    interactive: process.stderr.isTTY === true,
    outStyle: colour(process.stdout),
    errStyle: colour(process.stderr),
    signal,
  };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
