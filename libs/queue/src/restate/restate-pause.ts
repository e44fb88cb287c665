// Pausing a queue on Restate: a flag in an object. Restate delivers what it has, so the job asks, before
// each attempt, and sleeps while the flag is set.
import {
  handlers,
  type Context,
  type ObjectContext,
  type ObjectSharedContext,
} from '@restatedev/restate-sdk';
import { sqlText, type RestateClient } from './restate-client.js';
import type { RestateNames } from './restate-names.js';

const KEY = 'queue';
const FLAG = 'paused';
/** How long an endpoint goes by what it was told; `pause` waits for as long. */
const TOLD_MS = 250;
/** A paused job looks again after this time, and then after twice as long each time. */
const FIRST_LOOK_MS = 250;
const LATEST_LOOK_MS = 15_000;

/** What the object with the flag does. */
export const pauseHandlers = {
  async set(ctx: ObjectContext, paused: boolean): Promise<null> {
    if (paused) ctx.set(FLAG, true);
    else ctx.clear(FLAG);
    return null;
  },
  isSet: handlers.object.shared(async (ctx: ObjectSharedContext) => (await ctx.get(FLAG)) === true),
};

/** The flag as an endpoint knows it. */
export class PauseSign {
  readonly #client: RestateClient;
  readonly #names: RestateNames;
  #askedAt = -Infinity;
  #answer: Promise<boolean> = Promise.resolve(false);

  constructor(client: RestateClient, names: RestateNames) {
    this.#client = client;
    this.#names = names;
  }

  isSet(): Promise<boolean> {
    if (performance.now() - this.#askedAt >= TOLD_MS) {
      this.#askedAt = performance.now();
      const answer = this.#client.call(`${this.#names.control}/${KEY}/isSet`, null);
      this.#answer = answer.then((paused) => paused === true);
      // Where it fails the next one asks again.
      this.#answer.catch(() => (this.#askedAt = -Infinity));
    }
    return this.#answer;
  }
}

/** When an attempt begins, and whether it had begun before: the invocation is executed again then. */
export interface Begun {
  readonly startedAt: number;
  readonly again: boolean;
}

/** Begins an attempt, after the pause where there is one. */
export async function beginAttempt(ctx: Context, sign: PauseSign): Promise<Begun> {
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(2 * waitMs, LATEST_LOOK_MS)) {
    let again = true;
    const { at, paused } = await ctx.run('begin', async () => {
      again = false;
      return { at: Date.now(), paused: await sign.isSet() };
    });
    if (!paused) return { startedAt: at, again };
    await ctx.sleep(waitMs);
  }
}

/** Sets the flag or takes it away. A pause has reached every endpoint when it resolves; its end reaches jobs
 * that wait when they look again. */
export async function setPaused(
  client: RestateClient,
  names: RestateNames,
  paused: boolean,
): Promise<void> {
  await client.call(`${names.control}/${KEY}/set`, paused);
  if (paused) await new Promise((resolve) => setTimeout(resolve, 2 * TOLD_MS));
}

/** Whether the flag is set, as Restate's tables have it. */
export async function isPaused(client: RestateClient, names: RestateNames): Promise<boolean> {
  const rows = await client.query(
    `SELECT key FROM state WHERE service_name = ${sqlText(names.control)}`,
  );
  return rows.length > 0;
}
