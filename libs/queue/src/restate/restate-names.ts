// What a queue is called in Restate. Names of services there are letters, digits, '_', '-' and '.'.
import { hashBytes } from '@basalt/ir';

/** The services of a queue. */
export interface RestateNames {
  /** Jobs without a partition. */
  readonly jobs: string;
  /** Jobs of a partition: an object with the partition for its key, which does one thing at a time. */
  readonly lanes: string;
  /** Dead letters: an object a letter. */
  readonly dead: string;
  /** Dedupe keys: an object a key. */
  readonly keys: string;
  /** The delivery ledger: an object a key. */
  readonly ledger: string;
  /** Schedules: an object a schedule. */
  readonly schedules: string;
  /** Whether the queue is paused: one object. */
  readonly control: string;
  /** Invocations that have begun again: an object an invocation. */
  readonly starts: string;
}

const PLAIN = /^[A-Za-z][\w-]{0,99}$/;

export function restateNames(queue: string): RestateNames {
  const plain = PLAIN.test(queue) ? queue : `q_${hashBytes(Buffer.from(queue)).slice(0, 40)}`;
  const name = (part: string) => `basalt.${plain}.${part}`;
  return {
    jobs: name('jobs'),
    lanes: name('lanes'),
    dead: name('dead'),
    keys: name('keys'),
    ledger: name('ledger'),
    schedules: name('schedules'),
    control: name('control'),
    starts: name('starts'),
  };
}

/** A job's key in Restate: safe in addresses, headers and queries whatever its id holds. */
export function restateKey(text: string): string {
  return /^[\w.@~+=-]{1,200}$/.test(text)
    ? `j.${text}`
    : `h.${hashBytes(Buffer.from(text)).slice(0, 40)}`;
}
