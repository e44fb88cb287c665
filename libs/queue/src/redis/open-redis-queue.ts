// The way to queues in Redis for who may never use one: BullMQ is loaded when the first is opened.
import type { QueueBackend } from '../queue-backend.js';
import type { RedisQueueOptions } from './redis-queue-options.js';

/** Opens a queue in Redis. What it takes in is as durable as the server is set to be: with
 * `appendonly yes` and `appendfsync always` it is on disk when `enqueue` resolves.
 * @throws DiagnosticError QUE103 for a name, QUE201 for a server that cannot be used. */
export async function openRedisQueue(options: RedisQueueOptions): Promise<QueueBackend> {
  const queues = await import('./redis-queue.js');
  return queues.openRedisQueue(options);
}
