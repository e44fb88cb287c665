// Reads the event time of a message: whole milliseconds since the Unix epoch, given as a number or
// as an RFC 3339 date-time.
import type { Value } from '@basalt/ir';

/** The range of ECMAScript time values: 100,000,000 days each way. */
const MAX_TIME_MS = 8.64e15;

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** Milliseconds since the epoch, rounded down to a whole number; undefined when `value` is no time.
 * Text is RFC 3339 section 5.6; a leap second (:60) counts as the second after it. */
export function eventTimeMs(value: Value | undefined): number | undefined {
  if (typeof value === 'string') return dateTimeMs(value);
  const ms = typeof value === 'bigint' ? Number(value) : value;
  if (typeof ms !== 'number' || !(Math.abs(ms) <= MAX_TIME_MS)) return undefined;
  // Adding 0 turns -0 into 0.
  return Math.floor(ms) + 0;
}

function dateTimeMs(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const field = (index: number) => Number(match[index] ?? 0);
  const [year, month, day] = [field(1), field(2), field(3)];
  const [hour, minute, second] = [field(4), field(5), field(6)];
  const [zoneHour, zoneMinute] = [field(10), field(11)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  const millis = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = (match[9] === '-' ? -1 : 1) * (zoneHour * 60 + zoneMinute);
  const minutes = hour * 60 + minute - offset;
  return date.getTime() + minutes * 60_000 + second * 1000 + millis;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
