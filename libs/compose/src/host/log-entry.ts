// A line of the log of a compose.
import type { ValueMap } from '../document/plain-values.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly data?: ValueMap;
  readonly error?: ValueMap;
  /** Texts, numbers and booleans by name. */
  readonly tags: ValueMap;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}
