// A process on an embedded queue, for tests that kill it: node queue-child.mjs FOLDER MODE [VISIBILITY
// [NAME]].
// It says in lines of JSON what it has done.
//   work      a worker: {begun: id} when a handler is called, {handled: id} before it ends, {aborted: id}
//             where its delivery is taken away. A payload "die" kills the process, "hang" never ends.
//   enqueue   adds jobs without end, in requests of three whose ids begin with NAME: {added: [ids]} when
//             they are on disk
import { openEmbeddedQueue } from '../embedded/embedded-queue.js';

const [folder, mode, visibility = '30000', name = ''] = process.argv.slice(2) as [
  string,
  string,
  string?,
  string?,
];

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const queue = await openEmbeddedQueue({ folder, queue: 'jobs' });
if (mode === 'work') {
  queue.work(
    async ({ job: { id, payload }, signal }) => {
      say({ begun: id });
      signal.addEventListener('abort', () => say({ aborted: id }));
      if (payload === 'die') process.kill(process.pid, 'SIGKILL');
      if (payload === 'hang') await new Promise(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, Number(payload)));
      say({ handled: id });
      return { kind: 'done' };
    },
    { concurrency: 8, visibilityMs: Number(visibility) },
  );
  say({ working: true });
} else {
  for (let number = 0; ; number += 1) {
    const ids = [0, 1, 2].map((part) => `${name}${number}.${part}`);
    await queue.enqueue(ids.map((id) => ({ id, flow: 'f', flowName: 'f', payload: null })));
    say({ added: ids });
  }
}
