// The queues of a folder, each with a number, which is what their keys begin with.
import type { Table, TableStore } from '@basalt/capabilities';
import { openRecord, sealRecord } from '../job-record.js';
import { QueueKeys, textPart } from './queue-keys.js';

/** No queue has this number: its keys are the names of all queues. */
const REGISTRY = 0;
const NUMBER_BYTES = 4;

function registryHead(): Buffer {
  return Buffer.alloc(NUMBER_BYTES, REGISTRY);
}

/** The keys of a queue; it gets a number where it is new. */
export async function findQueue(store: TableStore, queue: string): Promise<QueueKeys> {
  const key = Buffer.concat([registryHead(), textPart(queue)]);
  const known = await store.read('open a queue', (tables) => knownQueue(tables('queue'), key));
  if (known !== undefined) return known;
  return store.transact('make a queue', key.byteLength + queue.length, (tables) => {
    const table = tables('queue');
    const made = knownQueue(table, key);
    if (made !== undefined) return made;
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

function knownQueue(table: Table, key: Buffer): QueueKeys | undefined {
  const record = table.get(key);
  const opened = record && openRecord(record);
  if (opened === undefined || 'problem' in opened || !Array.isArray(opened.value)) return undefined;
  return new QueueKeys(opened.value[0] as number);
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
