// Servers that outgrow one machine: what is there, and what each would enable. None of them is needed.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface ServiceFinding {
  readonly name: string;
  /** The version found; null when it is not installed here. It may still run elsewhere. */
  readonly version: string | null;
  readonly enables: string;
  readonly install: string;
}

const SERVICES = [
  {
    name: 'redis-server',
    enables: 'queues and journals for several machines (--backend redis)',
    install: 'apt-get install -y redis-server',
  },
  {
    name: 'restate-server',
    enables: 'queues on a Restate cluster (--backend restate)',
    install: 'npm install --global @restatedev/restate-server',
  },
] as const;

const PATIENCE_MS = 10_000;

/** Asks each program for its version. @param env where PATH is looked up. */
export function serviceFindings(
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ServiceFinding[]> {
  return Promise.all(
    SERVICES.map(async (service) => ({ ...service, version: await versionOf(service.name, env) })),
  );
}

async function versionOf(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  try {
    const options = { env, timeout: PATIENCE_MS };
    const { stdout } = await promisify(execFile)(program, ['--version'], options);
    return /\d+\.\d+(?:\.\d+)?/.exec(stdout)?.[0] ?? 'unknown';
  } catch {
    return null;
  }
}
