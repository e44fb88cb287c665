// What can be set on each control surface.
import type { TSchema } from 'typebox';

/** A node as the builder gives it. */
export interface NodeHandle {
  readonly alias: string;
}

export type ForEachOptions<Body, Exit, Collect> = ForEachBody<Body> &
  (
    | { readonly exit?: NodeHandle; readonly collect?: undefined }
    | {
        /** Last node of the body. */
        readonly exit: Exit;
        /** Receives the list of results, in item order. */
        readonly collect: Collect;
      }
  );

export interface ForEachBody<Body> {
  /** Receives each item. */
  readonly body: Body;
  /** Items in the body at once; 1 when absent. */
  readonly concurrency?: number;
  /** skip: a failed item gives no result; fail when absent. */
  readonly onError?: 'fail' | 'skip';
}

export interface LoopOptions<Body, Exit> {
  /** Where the message goes again while the selector is true. */
  readonly body: Body;
  /** Where it goes when the selector is false. */
  readonly exit: Exit;
  /** Bound of passes through the body for one message. */
  readonly maxIterations: number;
  /** At the bound: fail (when absent), or go to exit. */
  readonly onExhausted?: 'fail' | 'exit';
}

export interface WindowOptions<Key, Late> {
  /** Length of a window, in milliseconds; for session windows, the longest. */
  readonly sizeMs: number;
  /** How long after the watermark an item still joins its window; 0 when absent. */
  readonly allowedLatenessMs?: number;
  /** max_event_time when absent: the highest event time seen, less the allowed lateness. */
  readonly watermark?: string;
  /** tumbling when absent. */
  readonly type?: 'tumbling' | 'sliding' | 'session';
  /** sliding: distance of window starts, in milliseconds. */
  readonly slideMs?: number;
  /** session: silence that ends a session, in milliseconds. */
  readonly gapMs?: number;
  /** Pointer; windows are kept apart by this value. */
  readonly key?: Key;
  /** Receives items that came too late. */
  readonly late?: Late;
}

export interface JoinOptions<Mode extends 'all' | 'available' = 'all' | 'available'> {
  /** all (when absent): every source is needed. available: fires with what came. */
  readonly mode?: Mode;
  /** Longest wait for the missing sources, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface MergeOptions {
  /** arrival (when absent): as they come. source: all of one source before the next. */
  readonly order?: 'arrival' | 'source';
}

export interface ZipOptions {
  /** When one source ends early; fail when absent. */
  readonly onUneven?: 'fail' | 'drop';
}

export interface AwaitOptions<E extends TSchema, OnTimeout, Key> {
  /** Id of the checkpoint at which the message waits. */
  readonly checkpoint: string;
  /** Pointer or field name, in the message that waits. */
  readonly correlationKey: Key;
  /** What the event must match. */
  readonly event?: E;
  /** Longest wait, in milliseconds. */
  readonly timeoutMs?: number;
  /** Receives {input} after the wait; without it the execution fails. */
  readonly onTimeout?: OnTimeout;
  /** What is waited for. */
  readonly summary?: string;
}

export interface RateLimitOptions {
  /** Tokens a second. */
  readonly qps: number;
  /** Size of the token bucket. */
  readonly burst: number;
}

export interface TimeoutOptions<Handler> {
  /** Limit of one attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Receives {error, input} when the limit is reached. */
  readonly handler?: Handler;
}

export interface ErrorHandlerOptions<Handler> {
  /** continue: the message is dropped, or goes to the handler. */
  readonly strategy: 'retry' | 'fail' | 'continue';
  /** retry: attempts after the first. */
  readonly maxRetries?: number;
  /** retry: wait before the first retry, in milliseconds. */
  readonly backoffMs?: number;
  /** Receives {error, input}. */
  readonly handler?: Handler;
}
