// What runs inside the sandbox before any script: the api of scripts, made from four functions of the host
// that take and give texts. Nothing else of the host is reachable from there.
import { MARK } from './wire.js';

/** Evaluates to a function of (request, log, done, environment as JSON), which gives {settle, start}. */
export const PRELUDE = `(function (request, log, done, environmentText) {
  'use strict';
  const MARK = ${JSON.stringify(MARK)};
  const isView = (value) => value instanceof Uint8Array;
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  function pack(value) {
    return JSON.stringify(value === undefined ? null : value, function (key, item) {
      const raw = this[key];
      if (typeof raw === 'bigint') return { [MARK]: 'int', text: String(raw) };
      if (isView(raw)) return { [MARK]: 'bytes', text: hex(raw) };
      if (typeof raw === 'number' && (!Number.isFinite(raw) || Object.is(raw, -0))) {
        return { [MARK]: 'float', text: Object.is(raw, -0) ? '-0' : String(raw) };
      }
      return item;
    }) ?? 'null';
  }
  function unpack(text) {
    if (!text.includes('\\\\u0000kind')) return JSON.parse(text);
    return JSON.parse(text, (_key, item) => {
      if (typeof item !== 'object' || item === null || !Object.hasOwn(item, MARK)) return item;
      if (item[MARK] === 'int') return BigInt(item.text);
      if (item[MARK] === 'bytes') return unhex(item.text);
      return Number(item.text);
    });
  }
  const shown = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.stack ? value + '\\n' + value.stack : String(value);
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const line = (values) => values.map(shown).join(' ');
  const copy = (value) => (value === undefined ? undefined : unpack(pack(value)));

  const waiting = new Map();
  let asked = 0;
  const ask = (kind, name, payload) => new Promise((resolve, reject) => {
    asked += 1;
    waiting.set(asked, { resolve, reject });
    request(asked, kind, String(name), pack(payload));
  });
  function settle(id, isDone, text) {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    const value = unpack(text);
    if (isDone) resolve(value);
    else reject(Object.assign(new Error(value.message), { code: value.code, data: value.data }));
  }

  const console = {};
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
    console[method] = (...values) => log(method === 'log' ? 'info' : method, line(values));
  }
  globalThis.console = Object.freeze(console);
  const { environment, cwd } = JSON.parse(environmentText);
  globalThis.process = Object.freeze({ env: Object.freeze(environment), cwd: () => cwd });

  function find(from, path) {
    let found = from;
    for (const key of path.replace(/^\\$\\.?/, '').split('.')) {
      if (key === '') continue;
      if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined;
      found = found[key];
    }
    return found;
  }

  function start(main, tools, text) {
    const given = unpack(text);
    const imports = {};
    for (const name of given.imports) imports[name] = (input = {}) => ask('import', name, input);
    Object.freeze(imports);
    const api = {
      imports,
      call: (id, input = {}) => ask('call', id, input),
      runSlot: (name, state = {}, slotVars = {}) => ask('slot', name, { state, slotVars }),
      log: (...values) => log('', line(values)),
      config: (path, otherwise) => {
        const found = path === undefined || path === null ? given.config : find(given.config, path);
        return copy(found === undefined ? otherwise : found);
      },
      run: async (name, payload = {}) => {
        if (!Object.hasOwn(tools, name)) throw new Error('Unknown tool: ' + name);
        return tools[name](copy(payload), api);
      },
    };
    const bindings = given.bindings;
    const scope = { bindings, input: bindings, state: given.state, meta: given.meta, imports };
    const finish = async () => main(scope, api);
    finish().then(
      (value) => done(true, pack(value)),
      (error) => done(false, pack({
        message: String(error?.message ?? error),
        stack: error?.stack ? error + '\\n' + error.stack : String(error),
      })),
    ).catch((error) => done(false, pack({ message: String(error), stack: String(error) })));
  }
  return { settle, start };
})`;
