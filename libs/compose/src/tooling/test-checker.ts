// lcod://tooling/test_checker@1: runs a compose in an execution of its own and compares its last state with
// what is expected. A compose that fails has the state {error}. The result is a report, whatever happens.
import { readFile } from 'node:fs/promises';
import { diagnostic, DiagnosticError, isError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { decodeText, ENCODINGS } from '../contracts/byte-encoding.js';
import { ContractInput } from '../contracts/contract-input.js';
import { defineContract } from '../contracts/define-contract.js';
import type { NormalisedCompose } from '../document/normalise-compose.js';
import { isMap } from '../document/plain-values.js';
import { readCompose } from '../document/read-compose.js';
import { readablePath } from '../host/compose-host.js';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { compileCompose, outermost, runCompose } from '../run/compose-run.js';
import type { State } from '../run/state.js';
import { setEntry } from '../run/state.js';
import { StreamManager } from '../streams/stream-manager.js';
import { compareValues } from './compare-values.js';
import { addBindings, inlineCompose } from './scope-component.js';

const ID = 'lcod://tooling/test_checker@1';

export const testChecker: Component = defineContract(ID, async (input, call): Promise<Value> => {
  if (!input.has('expected')) input.refuse('expected', 'a value', undefined);
  const expected = input.value('expected') ?? null;
  const started = performance.now();
  const actual = await lastState(input, call);
  const all = compareValues(actual, expected);
  const diffs = input.flag('failFast', false) ? all.slice(0, 1) : all;
  const messages = diffs.map(({ path }) => `${path} is not what is expected.`);
  return {
    success: diffs.length === 0,
    actual,
    expected,
    durationMs: Math.round(performance.now() - started),
    messages:
      isMap(actual) && isMap(actual['error']) && diffs.length > 0
        ? [String(actual['error']['message']), ...messages]
        : messages,
    diffs: diffs.map((difference) => ({ ...difference })),
  };
});

async function lastState(input: ContractInput, call: Call): Promise<State> {
  const compose = await composeOf(input, call);
  const registry = call.scope.registry.layer();
  addBindings(registry, input);
  const { host, globals } = call.scope.run;
  const streams = new StreamManager();
  const state = withStreams(input, { ...(input.optionalMap('input') ?? {}) }, streams);
  const { signal } = call;
  try {
    const name = 'test';
    return await runCompose(compileCompose(compose, name), {
      registry,
      state,
      host,
      globals,
      signal,
      streams,
    });
  } catch (error) {
    call.ensureNotCancelled();
    return { error: outermost(error).toValue() };
  }
}

async function composeOf(input: ContractInput, call: Call): Promise<NormalisedCompose> {
  const steps = input.value('compose');
  if (steps !== undefined) return inlineCompose(steps);
  const path = input.optionalMap('composeRef')?.['path'];
  if (typeof path !== 'string') return input.refuse('compose', 'steps, or composeRef.path', path);
  const text = await readFile(await readablePath(call.scope.run.host, path), 'utf8');
  const { compose, diagnostics } = readCompose(text, path);
  if (compose !== undefined) return compose;
  const [first] = diagnostics.filter(isError);
  throw new DiagnosticError([first ?? diagnostic.COMP001({ reason: 'it is empty' })]);
}

/** Puts handles of streams into the state: {target, encoding, chunks}. */
function withStreams(input: ContractInput, state: State, streams: StreamManager): State {
  let result = state;
  for (const [i, given] of (input.optionalList('streams') ?? []).entries()) {
    if (!isMap(given)) return input.refuse(`streams.${i}`, 'a map', given);
    const stream = new ContractInput(`${ID} streams.${i}`, { ...given });
    const encoding = stream.word('encoding', ENCODINGS);
    const chunks = (stream.texts('chunks') ?? []).map(
      (text) => decodeText(text, encoding) ?? stream.refuse('chunks', `texts in ${encoding}`, text),
    );
    const handle = streams.open({ chunks: chunksOf(chunks), encoding });
    result = placed(result, stream.text('target').replace(/^\$\./, '').split('.'), handle);
  }
  return result;
}

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

function placed(state: State, [key = '', ...rest]: readonly string[], value: Value): State {
  const copy = { ...state };
  const inner = Object.hasOwn(state, key) ? state[key] : undefined;
  setEntry(
    copy,
    key,
    rest.length === 0 ? value : placed(isMap(inner) ? { ...inner } : {}, rest, value),
  );
  return copy;
}
