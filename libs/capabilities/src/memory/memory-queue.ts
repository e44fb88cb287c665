// First-in first-out queues in this process, gone when it ends.
import type { QueueStore } from '../capability-set.js';
import { MAX_VALUE_BYTES, checkKey, checkValue } from '../capability-arguments.js';

export interface MemoryQueueOptions {
  /** Largest message in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

/** Messages by an ever-growing number: taking the oldest is O(1) and leaves nothing behind. */
interface Line {
  readonly messages: Map<number, Uint8Array>;
  first: number;
  next: number;
}

/** Queues in memory, each made by its first message and dropped with its last. */
export function memoryQueue(options: MemoryQueueOptions = {}): QueueStore {
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  const lines = new Map<string, Line>();
  return {
    async enqueue(queue, message) {
      checkKey('queue.enqueue', queue, 'queue name');
      checkValue('queue.enqueue', 'queue.memory', message, limit);
      const line = lines.get(queue) ?? { messages: new Map(), first: 0, next: 0 };
      lines.set(queue, line);
      line.messages.set(line.next, new Uint8Array(message));
      line.next += 1;
    },
    async dequeue(queue) {
      checkKey('queue.dequeue', queue, 'queue name');
      const line = lines.get(queue);
      if (line === undefined) return undefined;
      const message = line.messages.get(line.first);
      line.messages.delete(line.first);
      line.first += 1;
      if (line.messages.size === 0) lines.delete(queue);
      return message;
    },
    async size(queue) {
      checkKey('queue.size', queue, 'queue name');
      return lines.get(queue)?.messages.size ?? 0;
    },
  };
}
