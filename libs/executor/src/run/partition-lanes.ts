// Partitioned edges: messages with an equal key run one after the other, different keys side by side.
import type { Value } from '@basalt/ir';
import { valueKey } from '../structures/value-key.js';
import type { Message } from './message.js';

/** Which keys are busy, and which messages wait for their key. Those still count on their edge, so
 * the edge's bound holds for them too. */
export class PartitionLanes {
  /** Key -> messages that wait for it; a key is here while one of its messages runs. */
  readonly #lanes = new Map<string, Message[]>();
  /** Messages whose key has become free, oldest first. */
  readonly #free: Message[] = [];

  get hasFree(): boolean {
    return this.#free.length > 0;
  }

  /** The next message that may start. Those whose key is busy are put aside. */
  next(shift: () => Message | undefined): Message | undefined {
    for (let freed = this.#free.shift(); freed !== undefined; freed = this.#free.shift()) {
      if (!freed.dead) return freed;
      this.done(freed);
    }
    for (let message = shift(); message !== undefined; message = shift()) {
      if (message.dead) return message;
      const key = laneOf(message);
      if (key === undefined) return message;
      const lane = this.#lanes.get(key);
      if (lane === undefined) {
        this.#lanes.set(key, []);
        return message;
      }
      lane.push(message);
    }
    return undefined;
  }

  /** The message has been dealt with: the next of its key may start. */
  done(message: Message): void {
    const key = laneOf(message);
    const lane = key === undefined ? undefined : this.#lanes.get(key);
    if (lane === undefined) return;
    let next = lane.shift();
    while (next?.dead) next = lane.shift();
    if (next === undefined) this.#lanes.delete(key!);
    else this.#free.push(next);
  }
}

function laneOf(message: Message): string | undefined {
  const { edge } = message;
  if (edge?.partition === undefined) return undefined;
  const { extra } = message;
  const key: Value | undefined =
    extra !== undefined && 'lane' in extra ? extra.lane : edge.partition(message.value);
  return key === undefined ? `${edge.index}:none` : `${edge.index}:${valueKey(key)}`;
}
