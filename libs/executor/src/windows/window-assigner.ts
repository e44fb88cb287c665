// The window surface: groups messages by event time and key, and closes a window when the watermark
// (the highest event time seen less the allowed lateness) reaches its end. Windows start at multiples
// of their slide, counted from the Unix epoch; sessions start with their first item.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { compilePointer, type Selector, type Value, type WindowConfig } from '@basalt/ir';
import { eventTimeMs } from './event-time.js';
import { FixedWindows } from './fixed-windows.js';
import { SessionWindows } from './session-windows.js';
import { valueKey } from '../structures/value-key.js';
import type { OpenWindows, WindowResult } from './window-result.js';

/** Most windows that one item may belong to. */
const MAX_WINDOWS_PER_ITEM = 10_000;

/** What an item brought about. */
export interface WindowStep {
  /** Windows that its event time closed, by end, then start, then the arrival of their first item. */
  readonly closed: readonly WindowResult[];
  /** The item itself, when all of its windows were closed before it came. */
  readonly late: readonly Value[];
}

/** The windows of one execution. */
export class WindowAssigner {
  readonly #config: WindowConfig;
  readonly #windows: OpenWindows;
  readonly #timeAt: Selector;
  readonly #keyAt: Selector | undefined;
  #seq = 0;
  #watermarkMs = -Infinity;

  /** @param surface the surface's id, for messages. @throws DiagnosticError CTRL141 for a
   * configuration that cannot be executed. */
  constructor(config: WindowConfig, surface = 'window') {
    this.#config = config;
    this.#windows = openWindows(config, surface);
    this.#timeAt = compilePointer(config.event_time_pointer);
    this.#keyAt = config.key_pointer == null ? undefined : compilePointer(config.key_pointer);
  }

  /** Highest event time seen less the allowed lateness; never falls; -Infinity before the first item
   * and Infinity after flush. */
  get watermarkMs(): number {
    return this.#watermarkMs;
  }

  /** Takes one item. @throws DiagnosticError RUN301 (no event time) or RUN302 (no key); the item is
   * then in no window, and everything else is as before. */
  add(item: Value): WindowStep {
    const timeMs = this.#timeOf(item);
    const key = this.#keyOf(item);
    const entry = { timeMs, seq: this.#seq, key, keyToken: valueKey(key), item };
    this.#seq += 1;
    const joined = this.#windows.assign(entry, this.#watermarkMs);
    const watermarkMs = timeMs - this.#config.allowed_lateness_ms;
    if (watermarkMs <= this.#watermarkMs) return { closed: [], late: joined ? [] : [item] };
    this.#watermarkMs = watermarkMs;
    return { closed: this.#windows.close(watermarkMs), late: joined ? [] : [item] };
  }

  /** Closes every window: nothing more will come. Items added later are late. */
  flush(): readonly WindowResult[] {
    this.#watermarkMs = Infinity;
    return this.#windows.close(Infinity);
  }

  #timeOf(item: Value): number {
    const found = this.#timeAt(item);
    const timeMs = eventTimeMs(found);
    if (timeMs !== undefined) return timeMs;
    const pointer = this.#config.event_time_pointer;
    throw new DiagnosticError([
      diagnostic.RUN301({ pointer: JSON.stringify(pointer), found: describe(found) }),
    ]);
  }

  #keyOf(item: Value): Value {
    if (this.#keyAt === undefined) return null;
    const key = this.#keyAt(item);
    if (key !== undefined) return key;
    throw new DiagnosticError([
      diagnostic.RUN302({ pointer: JSON.stringify(this.#config.key_pointer) }),
    ]);
  }
}

function openWindows(config: WindowConfig, surface: string): OpenWindows {
  const fail = (problem: string) => new DiagnosticError([diagnostic.CTRL141({ surface, problem })]);
  if (config.watermark !== 'max_event_time') {
    throw fail(`the watermark ${JSON.stringify(config.watermark)} is unknown; use max_event_time`);
  }
  switch (config.type) {
    case 'tumbling':
      return new FixedWindows(config.size_ms, config.size_ms);
    case 'sliding': {
      const slideMs = config.slide_ms;
      if (slideMs == null) throw fail('a sliding window needs slide_ms');
      if (slideMs > config.size_ms) {
        throw fail('slide_ms is greater than size_ms, so items between two windows would be lost');
      }
      if (config.size_ms / slideMs > MAX_WINDOWS_PER_ITEM) {
        throw fail(`an item would be in more than ${MAX_WINDOWS_PER_ITEM} windows`);
      }
      return new FixedWindows(config.size_ms, slideMs);
    }
    case 'session':
      if (config.gap_ms == null) throw fail('a session window needs gap_ms');
      return new SessionWindows(config.gap_ms, config.size_ms);
    default:
      throw fail(`the type ${JSON.stringify(config.type satisfies never)} is unknown`);
  }
}

/** What was found in place of a time, short enough for a message. */
function describe(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (value === null || typeof value !== 'object') return String(value).slice(0, 40);
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'a list' : 'a map';
}
