// The real clock. Sleeps longer than one timer of Node can hold are cut into several.
import type { Clock } from '../capability-set.js';
import { sleepMilliseconds } from './sleep-milliseconds.js';

/** The longest delay that setTimeout keeps; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const wait = sleepMilliseconds(ms);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const started = performance.now();
    let timer: NodeJS.Timeout;
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const arm = () => {
      const left = wait - (performance.now() - started);
      if (left > LONGEST_TIMER_MS) {
        timer = setTimeout(arm, LONGEST_TIMER_MS);
        return;
      }
      timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
        Math.max(0, left),
      );
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    arm();
  });
}

const clock: Clock = Object.freeze({ now: () => Date.now(), sleep });

/** The wall clock of the host; sleeps keep the process alive. `Infinity` sleeps until aborted. */
export function systemClock(): Clock {
  return clock;
}
