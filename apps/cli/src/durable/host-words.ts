// What the parts that this command shares with the programs of hosts say of wrong words.
import { HostUsageError } from '@basalt/queue-worker-app';
import { UsageError } from '../usage-error.js';

/** Runs `body`; its HostUsageError becomes the UsageError of this command. */
export async function withHostWords<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof HostUsageError ? new UsageError(error.message) : error;
  }
}
