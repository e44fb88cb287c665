// A log of JSON lines: one object a line, with time, level, message and fields. A log never makes a
// flow fail: a sink that throws loses the line, and a value that cannot be shown is named instead.
import type { Clock, Log, LogLevel } from '../capability-set.js';
import { systemClock } from '../clock/system-clock.js';
import { SecretRedactor } from '../secrets/secret-redactor.js';
import { logText, logValue, type LogBounds } from './log-fields.js';

export interface JsonLogOptions {
  /** Gets each line, its line feed included. */
  readonly sink: (line: string) => void;
  /** Lines below it are dropped; info by default. */
  readonly level?: LogLevel;
  /** Times of lines are read from it; the system clock by default. */
  readonly clock?: Clock;
  /** Knows the secret values to leave out. */
  readonly redactor?: SecretRedactor;
  /** Longest text of a field or message, in UTF-16 units; 4096 by default. */
  readonly maxText?: number;
  /** Longest line, in UTF-16 units; 65,536 by default. Longer ones lose their fields. */
  readonly maxLine?: number;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const MAX_ITEMS = 100;
const MAX_DEPTH = 6;
const MAX_TEXT = 4096;
const MAX_LINE = 65_536;

function timestamp(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** A log that writes JSON lines to `sink`. */
export function jsonLog(options: JsonLogOptions): Log {
  const clock = options.clock ?? systemClock();
  const redactor = options.redactor ?? new SecretRedactor();
  const lowest = RANK[options.level ?? 'info'];
  const maxLine = options.maxLine ?? MAX_LINE;
  const bounds: LogBounds = {
    maxText: options.maxText ?? MAX_TEXT,
    maxItems: MAX_ITEMS,
    maxDepth: MAX_DEPTH,
  };
  return {
    write(level, message, fields) {
      if (!(RANK[level] >= lowest)) return;
      const head = {
        time: timestamp(clock.now()),
        level,
        message: logText(String(message), bounds, redactor),
      };
      const shown = fields === undefined ? {} : { fields: logValue(fields, bounds, redactor) };
      let line = JSON.stringify({ ...head, ...shown });
      if (line.length > maxLine) {
        line = JSON.stringify({ ...head, fields: `[${line.length} characters]` });
      }
      try {
        options.sink(`${line}\n`);
      } catch {
        // The line is lost; the flow goes on.
      }
    },
  };
}

/** A log to the standard error of the process. */
export function stderrLog(options: Omit<JsonLogOptions, 'sink'> = {}): Log {
  return jsonLog({ ...options, sink: (line) => void process.stderr.write(line) });
}
