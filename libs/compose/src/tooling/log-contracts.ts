// lcod://contract/tooling/log@1 and what writes through it: kernel/log@1 and tooling/log.context@1, whose tags
// hold for everything inside its slot. The contract may be bound to another implementation.
import type { Value } from '@basalt/ir';
import { defineContract } from '../contracts/define-contract.js';
import type { ContractInput } from '../contracts/contract-input.js';
import type { ValueMap } from '../document/plain-values.js';
import { LOG_LEVELS, type LogEntry, type LogLevel } from '../host/log-entry.js';
import { wrongInput } from '../operators/operator-input.js';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { andThen, type MaybePromise } from '../run/maybe-promise.js';
import type { State } from '../run/state.js';

export const LOG_CONTRACT = 'lcod://contract/tooling/log@1';
/** What the contract is bound to where nothing else is. */
export const LOG_DEFAULT = 'lcod://impl/tooling/log@1';

const LEVELS: readonly [LogLevel, ...LogLevel[]] = ['info', ...LOG_LEVELS];
const KEYS = ['level', 'message', 'data', 'error', 'tags', 'timestamp'];

const defaultLog: Component = {
  id: LOG_DEFAULT,
  handler: (input, call) => {
    const unknown = Object.keys(input).find((key) => !KEYS.includes(key));
    if (unknown !== undefined)
      throw wrongInput(LOG_CONTRACT, unknown, 'no such key', input[unknown]);
    return defineLog.handler(input, call);
  },
};

const defineLog = defineContract(LOG_CONTRACT, (input, call) => {
  const [data, error] = [input.optionalMap('data'), input.optionalMap('error')];
  const entry: LogEntry = {
    level: input.word('level', LEVELS),
    message: input.text('message'),
    ...(data === undefined ? {} : { data }),
    ...(error === undefined ? {} : { error }),
    tags: { ...call.scope.tags, ...flatTags(input) },
    timestamp: input.optionalText('timestamp') ?? new Date().toISOString(),
  };
  call.scope.run.host.log(entry);
  return {};
});

/** Tags are texts, numbers and booleans. */
function flatTags(input: ContractInput): ValueMap {
  const tags = input.optionalMap('tags') ?? {};
  for (const [name, value] of Object.entries(tags)) {
    if (typeof value === 'object') input.refuse(`tags.${name}`, 'a text, number or boolean', value);
  }
  return tags;
}

/** Writes an entry through whatever the contract is bound to. */
export function writeLog(call: Call, entry: State): MaybePromise<Value> {
  return call.call(LOG_CONTRACT, entry);
}

const kernelLog: Component = {
  id: 'lcod://kernel/log@1',
  handler: (input, call) => {
    const tags = { ...(input['tags'] as ValueMap | undefined), component: 'kernel' };
    return andThen(writeLog(call, { ...input, tags }), () => ({}));
  },
};

const logContext = defineContract('lcod://tooling/log.context@1', (input, call) => {
  const tags = { ...call.scope.tags, ...flatTags(input) };
  return call.runSlot('body', undefined, undefined, { ...call.scope, tags });
});

export const LOG_COMPONENTS: readonly Component[] = [defaultLog, kernelLog, logContext];
