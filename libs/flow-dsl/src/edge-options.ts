// What can be set on an edge, and how it becomes the edge of the document.
import type { Delivery, EdgeIR, ON_DROP, Ordering } from '@basalt/ir';
import { present } from './present.js';

/** The settings of one edge. */
export interface EdgeOptions<Key extends string = string> {
  /** at_least_once when absent. */
  readonly delivery?: Delivery;
  /** ordered when absent. */
  readonly ordering?: Ordering;
  /** Capacity in messages; 32 when absent. */
  readonly maxItems?: number;
  /** What happens when the edge is full; block when absent. */
  readonly onDrop?: (typeof ON_DROP)[number];
  /** Messages at least this large go to the blob binding named by `tier`. */
  readonly spill?: { readonly tier: string; readonly thresholdBytes?: number };
  /** Pointer or field name; messages with equal values keep their order. */
  readonly partitionKey?: Key;
  /** Longest stay of a message on the edge, in milliseconds. */
  readonly timeoutMs?: number;
}

/** The edge of the document for these settings. */
export function edgeIR(from: string, to: string, options: EdgeOptions): EdgeIR {
  return {
    from,
    to,
    delivery: options.delivery ?? 'at_least_once',
    ordering: options.ordering ?? 'ordered',
    buffer: present({
      max_items: options.maxItems,
      spill_threshold_bytes: options.spill?.thresholdBytes,
      spill_tier: options.spill?.tier,
      on_drop: options.onDrop,
    }),
    ...present({ partition_key: options.partitionKey, timeout_ms: options.timeoutMs }),
  };
}
