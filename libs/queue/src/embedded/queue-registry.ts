// The queues of a folder, each with a number, which is what their keys begin with.
import type { TableStore } from '@basalt/capabilities';
import { openRecord, sealRecord } from '../job-record.js';
import { QueueKeys, textPart } from './queue-keys.js';

/** No queue has this number: its keys are the names of all queues. */
const REGISTRY = 0;
const NUMBER_BYTES = 4;

function registryHead(): Buffer {
  return Buffer.alloc(NUMBER_BYTES, REGISTRY);
}

/** The keys of a queue; it gets a number where it is new. */
export function findQueue(store: TableStore, queue: string): Promise<QueueKeys> {
  const key = Buffer.concat([registryHead(), textPart(queue)]);
  const bytes = key.byteLength + queue.length;
  return store.transact('open a queue', bytes, (tables) => {
    const table = tables('queue');
    const known = table.get(key);
    const opened = known && openRecord(known);
    if (opened !== undefined && !('problem' in opened) && Array.isArray(opened.value)) {
      return new QueueKeys(opened.value[0] as number);
    }
    let number = 1;
    const end = Buffer.from([0, 0, 0, 1]);
    for (const { value } of table.getRange({ start: registryHead(), end })) {
      const other = openRecord(value);
      if ('problem' in other || !Array.isArray(other.value)) continue;
      number = Math.max(number, (other.value[0] as number) + 1);
    }
    table.putSync(key, sealRecord([number, queue]) as Buffer);
    return new QueueKeys(number);
  });
}

/** The names of all queues in a folder, in no order. */
export function listQueues(store: TableStore): Promise<readonly string[]> {
  return store.read('list queues', (tables) => {
    const names: string[] = [];
    const end = Buffer.from([0, 0, 0, 1]);
    for (const { value } of tables('queue').getRange({ start: registryHead(), end })) {
      const opened = openRecord(value);
      if (!('problem' in opened) && Array.isArray(opened.value)) {
        names.push(opened.value[1] as string);
      }
    }
    return names;
  });
}
