// The stream of a subflow after a restart: what it had sent comes first, in the order in which it was
// sent, and is left out where the subflow sends it again.
import { hashValue, type Value } from '@basalt/ir';
import type { EmittedRecord } from './run-history.js';

export async function* afterSent(
  sent: readonly EmittedRecord[],
  values: AsyncIterable<Value>,
): AsyncGenerator<Value> {
  const counts = new Map<string, number>();
  for (const { value } of sent) {
    const hash = hashValue(value);
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
    yield value;
  }
  for await (const value of values) {
    const hash = counts.size === 0 ? '' : hashValue(value);
    const count = counts.get(hash);
    if (count === undefined) yield value;
    else if (count === 1) counts.delete(hash);
    else counts.set(hash, count - 1);
  }
}
