// flows doctor: what this machine has, and what each missing thing would enable.
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { installedVersion } from '../installed-version.js';
import { serviceFindings, type ServiceFinding } from '../service-findings.js';
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

const NAME_WIDTH = 8;
const VERSION_WIDTH = 9;
const MINIMUM_NODE = [20, 19] as const;

export const doctorOptions = (y: Argv) =>
  y
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .example('$0 doctor', 'What is installed');

/** Exit 3 when something is missing. */
export async function printDoctor(args: DoctorArgs, io: CommandIo): Promise<ExitCode> {
  const findings = [
    nodeFinding(),
    await packageFinding('esbuild', 'flows in .ts and .js files', io.installation),
    await packageFinding(
      'lmdb',
      'capabilities on disk (kv, queue, dedupe, cache)',
      io.installation,
    ),
    await packageFinding('elkjs', 'pictures of flows (graph check --svg)', io.installation),
  ];
  const services = await serviceFindings(io.env);
  const ok = findings.every((finding) => finding.ok);
  if (args.json === true) {
    const document = { status: ok ? 'ok' : 'missing', findings, services };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    for (const finding of findings) io.out(line(finding, io));
    io.out('\nNot needed; for more than one machine:\n');
    for (const service of services) io.out(serviceLine(service, io));
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
    install: 'nvm install 20 (or from https://nodejs.org)',
    ok: major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]),
  };
}

/** Loads the package, since a native one may be installed and still not run here. */
async function packageFinding(
  name: keyof typeof PACKAGES,
  enables: string,
  installation: string,
): Promise<Finding> {
  const version = installedVersion(name, installation) ?? null;
  const install = `npm install ${name}`;
  const ok = await PACKAGES[name]().then(
    () => true,
    () => false,
  );
  return { name, version, needed: 'any', enables, install, ok };
}

const PACKAGES = {
  esbuild: async () => (await import('esbuild')).transform(''),
  lmdb: () => import('lmdb'),
  elkjs: () => import('elkjs/lib/elk.bundled.js'),
} as const;

function line(finding: Finding, io: CommandIo): string {
  const style = io.outStyle;
  const mark = finding.ok ? style.green('ok     ') : style.red('missing');
  const version = (finding.version ?? '-').padEnd(VERSION_WIDTH);
  const tail = finding.ok ? '' : `\n         install it with: ${finding.install}`;
  return `${mark}  ${finding.name.padEnd(NAME_WIDTH)} ${version} ${finding.enables}${tail}\n`;
}

const SERVICE_WIDTH = 14;

function serviceLine({ name, version, enables, install }: ServiceFinding, io: CommandIo): string {
  const style = io.outStyle;
  const mark = version === null ? style.dim('absent ') : style.green('ok     ');
  const tail = version === null ? `\n         install it with: ${install}` : '';
  const columns = `${name.padEnd(SERVICE_WIDTH)} ${(version ?? '-').padEnd(VERSION_WIDTH)}`;
  return `${mark}  ${columns} ${enables}${tail}\n`;
}
