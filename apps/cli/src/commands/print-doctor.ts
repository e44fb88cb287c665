// flows doctor: what this machine has, and what each missing thing would enable.
import { createRequire } from 'node:module';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface DoctorArgs {
  readonly json?: boolean | undefined;
}

interface Finding {
  readonly name: string;
  /** The version found; null when it is missing. */
  readonly version: string | null;
  readonly needed: string;
  readonly enables: string;
  readonly install: string;
  readonly ok: boolean;
}

const MINIMUM_NODE = [20, 19] as const;

export const doctorOptions = (y: Argv) =>
  y
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .example('$0 doctor', 'What is installed');

/** Exit 3 when something is missing. */
export async function printDoctor(args: DoctorArgs, io: CommandIo): Promise<ExitCode> {
  const findings = [
    nodeFinding(),
    await packageFinding('esbuild', 'flows written in TypeScript or JavaScript files'),
    await packageFinding('lmdb', 'capabilities bound to disk (kv, queue, dedupe, cache)'),
  ];
  const ok = findings.every((finding) => finding.ok);
  if (args.json === true) {
    io.out(`${JSON.stringify({ status: ok ? 'ok' : 'missing', findings }, null, 2)}\n`);
  } else {
    for (const finding of findings) io.out(line(finding, io));
  }
  return ok ? EXIT.done : EXIT.environment;
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return {
    name: 'node',
    version: process.versions.node,
    needed: `${MINIMUM_NODE.join('.')} or newer`,
    enables: 'everything',
    install: 'install Node.js 20.19 or newer',
    ok: major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]),
  };
}

/** Loads the package, since a native one may be installed and still not run here. */
async function packageFinding(name: 'esbuild' | 'lmdb', enables: string): Promise<Finding> {
  const base = { name, needed: 'any', enables, install: `npm install ${name}` };
  try {
    await (name === 'esbuild' ? import('esbuild') : import('lmdb'));
    const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
    return { ...base, version: manifest.version, ok: true };
  } catch {
    return { ...base, version: null, ok: false };
  }
}

function line(finding: Finding, io: CommandIo): string {
  const style = io.outStyle;
  const mark = finding.ok ? style.green('ok     ') : style.red('missing');
  const tail = finding.ok ? '' : `\n         install with: ${finding.install}`;
  return `${mark}  ${finding.name.padEnd(8)} ${finding.version ?? '-'}  enables ${finding.enables}${tail}\n`;
}
