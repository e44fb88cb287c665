// Takes samples of one run after the other. What one node gives the next one takes: a value that comes
// again is looked at and counted once.
import type { Value } from '@basalt/ir';
import { estimateBytes, sampleValue, type CutValue, type ValueSample } from './value-sample.js';

export class ValueSampler {
  /** About the bytes of memory that the last sample takes. */
  bytes = 0;
  /** Those of them that were not counted at the sample before. */
  added = 0;
  /** A small value that was kept whole. */
  #last: Value | undefined = undefined;

  /** @param limit most bytes of a sample */
  constructor(readonly limit: number) {}

  sample(value: Value): ValueSample {
    if (value === this.#last) {
      this.added = 0;
      return value;
    }
    const bytes = estimateBytes(value, this.limit);
    if (bytes === undefined) return this.#cut(value);
    this.#last = value;
    this.bytes = bytes;
    this.added = bytes;
    return value;
  }

  #cut(value: Value): CutValue {
    this.#last = undefined;
    this.bytes = this.limit;
    this.added = this.limit;
    return sampleValue(value, this.limit) as CutValue;
  }
}
