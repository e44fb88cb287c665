// A script step, warm: the sandbox of QuickJS beside a context of node:vm, which isolates nothing.
import { createContext, Script } from 'node:vm';
import type { BenchCase, Contender } from '../bench-case.js';
import { composeProgram } from '../compose-program.js';

const CALLS = 2000;
const items = Array.from({ length: CALLS }, (_, i) => i);

const basalt: Contender = {
  name: 'basalt, sandboxed script',
  async setup() {
    const run = composeProgram(`
compose:
  - call: lcod://flow/foreach@1
    in: {list: $.items}
    slots:
      - call: lcod://tooling/script@1
        in: {source: "({ state }) => ({ v: state.a + 1 })", input: {a: $slot.item}}
        out: {v: v}
    collectPath: $.v
    out: {results: results}
`);
    return async () => {
      const { results } = await run({ items });
      if ((results as number[])[CALLS - 1] !== CALLS) throw new Error('wrong results');
    };
  },
};

const vm: Contender = {
  name: 'node:vm, a function of a context',
  async setup() {
    const script = new Script('({ state }) => ({ v: state.a + 1 })');
    const call = script.runInContext(createContext({})) as (scope: unknown) => { v: number };
    return async () => {
      for (const a of items) {
        const state = JSON.parse(JSON.stringify({ a })) as unknown;
        if ((await call({ state })).v !== a + 1) throw new Error('wrong result');
      }
    };
  },
};

export const composeScript: BenchCase = {
  name: 'compose-script',
  operation: 'call',
  about: `${CALLS} calls of one small script in one execution, with the opening of its sandbox`,
  operations: CALLS,
  rounds: 15,
  contenders: [basalt, vm],
};
