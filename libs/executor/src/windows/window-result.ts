// What a window surface hands to its target, and what its assigners share.
import type { Value } from '@basalt/ir';

/** One closed window: the items whose event time is in [start_ms, end_ms), in order of arrival. A type
 * alias and not an interface, so that it is a Value. */
export type WindowResult = {
  /** The value at key_pointer; null in a window surface without one. */
  readonly key: Value;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly items: readonly Value[];
};

/** An item on its way into windows. */
export interface TimedItem {
  /** Event time, whole milliseconds since the epoch. */
  readonly timeMs: number;
  /** Order of arrival. */
  readonly seq: number;
  /** Equal keys have equal tokens. */
  readonly keyToken: string;
  readonly key: Value;
  readonly item: Value;
}

/** Holds the open windows of one shape. */
export interface OpenWindows {
  /** Puts the item in its windows; false when every one of them is closed (it came late). */
  assign(item: TimedItem, watermarkMs: number): boolean;
  /** Removes the windows that end at or before the watermark, by end, then start, then the arrival
   * of their first item. */
  close(watermarkMs: number): readonly WindowResult[];
}
