// A flow in plain JavaScript, for the scan of modules that are read from disk.
import { defineFlow } from '../index.js';

const seen = new Map();

function stamp() {
  return Date.now();
}

export const plain = defineFlow('plain', { version: '1.0.0' }, (f) => {
  const start = f.trigger('start');
  const mark = f.inline('mark', {
    run: (order) => ({ order, at: stamp() }),
  });
  const count = f.inline('count', {
    run(order) {
      seen.set(order, true);
      return seen.size;
    },
  });
  const good = f.inline('good', { run: (order) => order });
  f.connect(start, mark);
  f.connect(mark, count);
  f.connect(count, good);
});
