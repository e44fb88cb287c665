// Checks a cron expression of five fields (POSIX crontab): minute, hour, day of month, month, day of
// week; each a list of "*", numbers, ranges and steps. Names of months and days are accepted.

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  // 0 and 7 are both Sunday.
  { name: 'day of week', min: 0, max: 7, names: DAYS },
];

const LONGEST = 256;

/** What is wrong with a cron expression, or undefined. */
export function cronProblem(expression: string): string | undefined {
  const parts = expression
    .slice(0, LONGEST + 1)
    .trim()
    .split(/\s+/);
  if (expression.length > LONGEST || parts.length !== FIELDS.length) {
    return `schedule ${expression} does not have five fields`;
  }
  for (const [i, field] of FIELDS.entries()) {
    if (!parts[i]!.split(',').every((part) => isPart(part, field))) {
      return `${parts[i]!} is no ${field.name} (${field.min} to ${field.max})`;
    }
  }
  return undefined;
}

function isPart(part: string, field: Field): boolean {
  const [range, step, ...rest] = part.split('/');
  if (rest.length > 0) return false;
  if (step !== undefined && !(/^[1-9]\d{0,2}$/.test(step) && Number(step) <= field.max))
    return false;
  if (range === '*') return true;
  const ends = range!.split('-').map((text) => numberOf(text, field));
  const [low, high = low] = ends;
  return ends.length <= 2 && low !== undefined && high !== undefined && low <= high;
}

function numberOf(text: string, field: Field): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + field.min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}
