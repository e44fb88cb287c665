// Debian's curl, as people type it.
import { spawn } from 'node:child_process';

export interface CurlAnswer {
  /** Exit status of curl; 0: it got an answer. */
  readonly exit: number | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Runs curl with `--include` and takes its output apart. `input` becomes its standard input. */
export function curl(args: readonly string[], input?: Uint8Array): Promise<CurlAnswer> {
  const child = spawn('curl', ['--silent', '--include', ...args]);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => resolve({ exit, ...answerIn(Buffer.concat(chunks)) }));
  });
}

function answerIn(all: Buffer): Omit<CurlAnswer, 'exit'> {
  // 100 Continue comes before the answer to a body that is large.
  let rest = all;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const [first = '', ...lines] = rest
      .subarray(0, Math.max(end, 0))
      .toString('latin1')
      .split('\r\n');
    const body = rest.subarray(end + 4);
    const status = Number(first.split(' ')[1]);
    if (status === 100) {
      rest = body;
      continue;
    }
    const headers = lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
    });
    return { status, headers: Object.fromEntries(headers), body };
  }
}
