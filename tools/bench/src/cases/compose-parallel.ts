// Four waits of 50 ms at once.
import type { BenchCase, Contender } from '../bench-case.js';
import { composeProgram } from '../compose-program.js';

const basalt: Contender = {
  name: 'basalt, parallel',
  async setup() {
    const run = composeProgram(`
compose:
  - call: lcod://flow/parallel@1
    in: {tasks: [1, 2, 3, 4]}
    slots:
      tasks:
        - call: lcod://impl/delay@1
          in: {ms: 50, value: $slot.item}
          out: {v: value}
    collectPath: $.v
    out: {results: results}
`);
    return async () => {
      const { results } = await run();
      if (String(results) !== '1,2,3,4') throw new Error('wrong results');
    };
  },
};

const bare: Contender = {
  name: 'Promise.all of timers',
  async setup() {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 50));
    return async () => void (await Promise.all([wait(), wait(), wait(), wait()]));
  },
};

export const composeParallel: BenchCase = {
  name: 'compose-parallel',
  operation: 'run',
  about: 'four waits of 50 ms at once',
  operations: 1,
  rounds: 25,
  contenders: [basalt, bare],
};
