// Calling one contract, as a step of a compose does.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value } from '@basalt/ir';
import { CORE_CONTRACTS } from '../contracts/core-contracts.js';
import { closedHost, type ComposeHost } from '../host/compose-host.js';
import type { State } from '../run/state.js';
import { failureOf, runText, testRegistry } from './run-text.js';

const step = (id: string) => `compose: [{call: ${id}, in: {"...": "="}, out: {result: $}}]`;

/** What the contract gives. `core/x` stands for `lcod://contract/core/x@1`. */
export async function callContract(
  name: string,
  input: State,
  host?: Partial<ComposeHost>,
): Promise<Value> {
  const text = step(`lcod://contract/${name}@1`);
  const registry = testRegistry(...CORE_CONTRACTS);
  const state = await runText(text, input, { registry, host: { ...closedHost(), ...host } });
  return state['result']!;
}

/** The code and message of its failure. */
export async function contractFailure(
  name: string,
  input: State,
  host?: Partial<ComposeHost>,
): Promise<[code: Value, message: Value]> {
  const text = step(`lcod://contract/${name}@1`);
  const registry = testRegistry(...CORE_CONTRACTS);
  const failure = await failureOf(text, input, { registry, host: { ...closedHost(), ...host } });
  return [failure['code']!, failure['message']!];
}

/** A folder for a test, granted for reading and writing. */
export async function withGrantedFolder(
  use: (host: ComposeHost, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'basalt-compose-')));
  try {
    const host = { ...closedHost(folder), readRoots: [folder], writeRoots: [folder] };
    await use(host, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
