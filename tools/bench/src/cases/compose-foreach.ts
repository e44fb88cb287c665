// A loop of a compose with one step, over a hundred thousand items.
import type { BenchCase, Contender } from '../bench-case.js';
import { composeProgram } from '../compose-program.js';

const ITEMS = 100_000;
const items = Array.from({ length: ITEMS }, (_, i) => i);

const basalt: Contender = {
  name: 'basalt, foreach with a step',
  async setup() {
    const run = composeProgram(`
compose:
  - call: lcod://flow/foreach@1
    in: {list: $.items}
    slots:
      - call: lcod://impl/echo@1
        in: {value: $slot.item}
        out: {val: val}
    collectPath: $.val
    out: {results: results}
`);
    return async () => {
      const { results } = await run({ items });
      if ((results as number[])[ITEMS - 1] !== ITEMS - 1) throw new Error('wrong results');
    };
  },
};

const bare: Contender = {
  name: 'bare loop of awaits',
  async setup() {
    const echo = async ({ value }: { readonly value: number }) => ({ val: value });
    return async () => {
      const results: number[] = [];
      for (const value of items) results.push((await echo({ value })).val);
      if (results[ITEMS - 1] !== ITEMS - 1) throw new Error('wrong results');
    };
  },
};

export const composeForeach: BenchCase = {
  name: 'compose-foreach',
  operation: 'iteration',
  about: `${ITEMS} iterations of one step each`,
  operations: ITEMS,
  rounds: 15,
  contenders: [basalt, bare],
};
