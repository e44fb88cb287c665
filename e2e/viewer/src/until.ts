// Waits for what a page will show; only a test that hangs is ended.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when `read` gives `wanted`. */
export async function until<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  while ((await read()) !== wanted) await sleep(20);
}

/** Resolves when the text that `read` gives holds `part`. */
export async function untilHolds(read: () => Promise<string>, part: string): Promise<void> {
  while (!(await read()).includes(part)) await sleep(20);
}
