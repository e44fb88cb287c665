// A producer: node crash-producer.mjs PLACE SERIES URL FROM TO. Enqueues the jobs FROM to TO, three at a
// time, and says {added: n} when all before n are in the queue. It waits while there is enough to do, and
// is killed at any instant.
import { setTimeout as delay } from 'node:timers/promises';
import { crashJob } from '../crash-jobs.js';
import { onceThere, openPlace, type CrashPlace } from '../crash-place.js';

const [place, series, url, from, to] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
// Nobody is left to kill it.
process.stdin.on('end', () => process.exit()).resume();
const say = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);
const onFault = (fault: unknown) => say({ fault: String((fault as Error).message ?? fault) });

const AT_ONCE = 3;
const ENOUGH = 30;
const PAUSE_MS = 10;

const at = JSON.parse(place) as CrashPlace;
const { queue, close } = await onceThere(() => openPlace(at, onFault), onFault);
say({ ready: true });

async function isEnough(): Promise<boolean> {
  const { ready, delayed, active, parked } = (await queue.status()).counts;
  return ready + delayed + active + parked >= ENOUGH;
}

const end = Number(to);
let n = Number(from);
while (n < end) {
  try {
    if (await isEnough()) {
      await delay(PAUSE_MS);
      continue;
    }
    const numbers = Array.from({ length: Math.min(AT_ONCE, end - n) }, (_, i) => n + i);
    await queue.enqueue(numbers.map((number) => crashJob(number, series, url, at.backend).job));
    n += numbers.length;
    say({ added: n });
  } catch (error) {
    // The server is away: what was not acknowledged is sent again, under the same ids.
    onFault(error);
    await delay(PAUSE_MS);
  }
}
await close();
process.exit();
