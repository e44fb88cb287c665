// lcod://tooling/script@1: JavaScript in a sandbox. `source` is a function of (scope, api). What it gives is
// the result; what it throws becomes {success: false, messages, error}. Lines that it logs are appended to
// `messages` of the result.
import type { Value } from '@basalt/ir';
import { ContractInput } from '../contracts/contract-input.js';
import { defineContract } from '../contracts/define-contract.js';
import { isMap, type ValueMap } from '../document/plain-values.js';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { andThen, isPending, type MaybePromise } from '../run/maybe-promise.js';
import { ComposeError, UNEXPECTED } from '../run/compose-error.js';
import type { ComposeRun } from '../run/compose-run.js';
import { setEntry, type State } from '../run/state.js';
import { walk } from '../run/template.js';
import { writeLog } from '../tooling/log-contracts.js';
import { Sandbox, type ScriptEnd, type ScriptHost, type ScriptJob } from './sandbox.js';
import { fromWire, toWire } from './wire.js';

const ID = 'lcod://tooling/script@1';
/** Keys of the input that are not part of the state. */
const RESERVED = new Set([
  ...[
    'source',
    'language',
    'timeoutMs',
    'tools',
    'imports',
    'bindings',
    'config',
    'meta',
    'streams',
  ],
  'input',
]);
const DEFAULT_TIMEOUT_MS = 1000;

export const scriptComponent: Component = defineContract(
  ID,
  (input, call, raw): MaybePromise<Value> => {
    input.word('language', ['javascript']);
    const imports = importsOf(input);
    const session = new ScriptSession(call, imports);
    const job = jobOf(input, raw, Object.keys(imports));
    return andThen(inSandbox(call, job, session), (end) => {
      const result = () => resultOf(end, session.messages);
      if (session.writing.length === 0) return result();
      return Promise.allSettled(session.writing).then(result);
    });
  },
);

function jobOf(input: ContractInput, raw: State, imports: readonly string[]): ScriptJob {
  const state = stateOf(input, raw);
  const given = {
    state,
    bindings: bindingsOf(input, state),
    meta: input.value('meta') ?? {},
    config: input.value('config') ?? {},
    imports,
  };
  return {
    source: input.text('source'),
    tools: toolsOf(input),
    given: toWire(given),
    timeoutMs: input.whole('timeoutMs', 1) ?? DEFAULT_TIMEOUT_MS,
  };
}

/** `input` where it is given, else everything that has no other meaning. */
function stateOf(input: ContractInput, raw: State): Value {
  if (input.has('input')) return input.value('input') ?? null;
  const state: State = {};
  for (const [key, value] of Object.entries(raw)) {
    if (!RESERVED.has(key)) setEntry(state, key, value);
  }
  return state;
}

/** {name: {value}}, or {name: {path, default}} into the state. */
function bindingsOf(input: ContractInput, state: Value): State {
  const bindings: State = {};
  for (const [name, given] of Object.entries(input.optionalMap('bindings') ?? {})) {
    if (!isMap(given)) return input.refuse(`bindings.${name}`, 'a map with value or path', given);
    setEntry(bindings, name, Object.hasOwn(given, 'value') ? given['value']! : bound(given, state));
  }
  return bindings;
}

function bound(given: ValueMap, state: Value): Value {
  const path = String(given['path'] ?? '').replace(/^\$\.?/, '');
  const keys = path.split('.').filter((key) => key !== '');
  return walk(state, keys) ?? given['default'] ?? null;
}

function importsOf(input: ContractInput): Readonly<Record<string, string>> {
  const imports = input.optionalMap('imports') ?? {};
  for (const [name, id] of Object.entries(imports)) {
    if (typeof id !== 'string') input.refuse(`imports.${name}`, 'an id', id);
  }
  return imports as Readonly<Record<string, string>>;
}

function toolsOf(input: ContractInput): ReadonlyMap<string, string> {
  const tools = new Map<string, string>();
  for (const [i, given] of (input.optionalList('tools') ?? []).entries()) {
    if (!isMap(given)) return input.refuse(`tools.${i}`, 'a map with name and source', given);
    const tool = new ContractInput(`${ID} tools.${i}`, { ...given });
    tools.set(tool.text('name'), tool.text('source'));
  }
  return tools;
}

/** What a running script asks, answered by the call that it belongs to. */
class ScriptSession implements ScriptHost {
  readonly messages: string[] = [];
  readonly writing: Promise<unknown>[] = [];

  constructor(
    private readonly call: Call,
    private readonly imports: Readonly<Record<string, string>>,
  ) {}

  async request(kind: string, name: string, payload: string): Promise<string> {
    const given = fromWire(payload);
    if (!isMap(given)) throw new ComposeError(UNEXPECTED, 'The argument of a call is no map.');
    if (kind === 'slot') {
      const state = isMap(given['state']) ? { ...given['state'] } : {};
      const vars = isMap(given['slotVars']) ? given['slotVars'] : {};
      return toWire(await (this.call.fillerOf(name) ?? this.call).runSlot(name, state, vars));
    }
    const id = kind === 'import' ? this.imports[name]! : name;
    return toWire(await this.call.call(id, { ...given }));
  }

  log(level: string, text: string): void {
    this.messages.push(text);
    if (level !== '') this.writing.push(this.write(level, text));
  }

  /** The log is not worth failing a script. */
  private async write(level: string, message: string): Promise<void> {
    try {
      await writeLog(this.call, { level, message });
    } catch {
      this.messages.push('The log could not be written.');
    }
  }

  stopReason(): ComposeError | undefined {
    return this.call.scope.cancel.reason;
  }
}

/** Sandboxes of an execution that wait for their next script. No two executions share one. */
const IDLE = new WeakMap<ComposeRun, Sandbox[]>();

function inSandbox(call: Call, job: ScriptJob, session: ScriptSession): MaybePromise<ScriptEnd> {
  const { run } = call.scope;
  const idle = idleOf(run);
  return andThen(idle.pop() ?? openSandbox(run), (sandbox) =>
    runIn(sandbox, idle, call, job, session),
  );
}

function runIn(
  sandbox: Sandbox,
  idle: Sandbox[],
  call: Call,
  job: ScriptJob,
  session: ScriptSession,
): MaybePromise<ScriptEnd> {
  const giveBack = () => {
    if (sandbox.isUsable) idle.push(sandbox);
    else sandbox.dispose();
  };
  let end: MaybePromise<ScriptEnd>;
  try {
    end = sandbox.run(job, session);
  } catch (error) {
    giveBack();
    throw error;
  }
  if (!isPending(end)) {
    giveBack();
    return end;
  }
  return awaited(end, sandbox, call, giveBack);
}

/** A script that waits may be cancelled meanwhile: then nothing it still does counts. */
async function awaited(
  end: Promise<ScriptEnd>,
  sandbox: Sandbox,
  call: Call,
  giveBack: () => void,
): Promise<ScriptEnd> {
  try {
    const found = await call.scope.cancel.race(end);
    giveBack();
    return found;
  } catch (error) {
    end.catch(() => undefined);
    sandbox.dispose();
    throw error;
  }
}

function idleOf(run: ComposeRun): Sandbox[] {
  let idle = IDLE.get(run);
  if (idle === undefined) {
    const made: Sandbox[] = [];
    idle = made;
    IDLE.set(run, made);
    run.onEnd(() => made.splice(0).forEach((sandbox) => sandbox.dispose()));
  }
  return idle;
}

function openSandbox({ host }: ComposeRun): Promise<Sandbox> {
  return Sandbox.open(JSON.stringify({ environment: host.environment, cwd: host.cwd }));
}

function resultOf({ isDone, text }: ScriptEnd, messages: readonly string[]): Value {
  const value = fromWire(text);
  if (value === undefined)
    throw new ComposeError(UNEXPECTED, 'The script gave something that is no value.');
  if (!isDone) {
    const { message = '', stack = '' } = value as ValueMap;
    return { success: false, messages: [message, ...messages], error: stack };
  }
  if (messages.length === 0) return value;
  if (!isMap(value)) return { result: value, messages };
  const own = Array.isArray(value['messages']) ? (value['messages'] as readonly Value[]) : [];
  return { ...value, messages: [...own, ...messages] };
}
