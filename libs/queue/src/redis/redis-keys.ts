// The names of what a queue keeps in Redis. BullMQ's keys and ours share one prefix with a hash tag, so
// that scripts find all of a queue on one node of a cluster.
import { hashBytes } from '@basalt/ir';

/** What BullMQ puts before the name of a queue. */
export const KEY_PREFIX = 'basalt';

/** Ids that are kept as they are; any other is kept as its hash. BullMQ builds keys from ids with
 * colons, so an id must not hold one. */
const PLAIN_ID = /^[\w.@~+=-]{1,200}$/;
const PLAIN_QUEUE = /^[\w.~-]{1,128}$/;

/** The name under which BullMQ knows a queue. */
export function bullQueueName(queue: string): string {
  return PLAIN_QUEUE.test(queue) ? `{${queue}}` : `{h.${hexOf(queue)}}`;
}

/** What all keys of a queue begin with. */
export function keysPrefix(queue: string): string {
  return `${KEY_PREFIX}:${bullQueueName(queue)}:`;
}

/** The id under which BullMQ knows a job. */
export function bullJobId(id: string): string {
  return PLAIN_ID.test(id) ? `j.${id}` : `h.${hexOf(id)}`;
}

/** The id that a job has by BullMQ's: undefined where that is a hash of it. */
export function plainJobId(bullId: string): string | undefined {
  return bullId.startsWith('j.') ? bullId.slice(2) : undefined;
}

function hexOf(text: string): string {
  return Buffer.from(hashBytes(Buffer.from(text)))
    .toString('hex')
    .slice(0, 40);
}
