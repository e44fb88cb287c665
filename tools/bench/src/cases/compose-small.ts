// A compose of two steps, from its start to its last state.
import type { BenchCase, Contender } from '../bench-case.js';
import { composeProgram } from '../compose-program.js';

const RUNS = 2000;

const basalt: Contender = {
  name: 'basalt, two steps',
  async setup() {
    const run = composeProgram(`
compose:
  - call: lcod://impl/echo@1
    in: {value: $.n}
    out: {a: val}
  - call: lcod://contract/core/string/format@1
    in: {template: "{a}!", values: {a: $.a}}
    out: {text: value}
`);
    return async () => {
      for (let n = 0; n < RUNS; n += 1) {
        if ((await run({ n }))['text'] !== `${n}!`) throw new Error('wrong result');
      }
    };
  },
};

const bare: Contender = {
  name: 'two bare awaits',
  async setup() {
    const echo = async (value: number) => ({ val: value });
    const format = async (a: number) => ({ value: `${a}!` });
    return async () => {
      for (let n = 0; n < RUNS; n += 1) {
        const { val } = await echo(n);
        if ((await format(val)).value !== `${n}!`) throw new Error('wrong result');
      }
    };
  },
};

export const composeSmall: BenchCase = {
  name: 'compose-small',
  operation: 'run',
  about: 'a compose of two steps, run by run',
  operations: RUNS,
  rounds: 25,
  contenders: [basalt, bare],
};
