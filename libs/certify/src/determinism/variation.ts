// How an execution is made different from another one that should be equal.
import { seededRng } from '@basalt/capabilities';

export interface Variation {
  /** From 1. */
  readonly number: number;
  /** Added to the clock of the platform and to that of the context, in milliseconds; 0: as it is. */
  readonly clockMs: number;
  /** Other random numbers, of the platform and of the context; undefined: as before. */
  readonly chance: string | undefined;
  /** Handlers are begun later, which changes the order of nodes; undefined: at once. */
  readonly timing: string | undefined;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 4_000;

/** The same for the same seed and number. The first repeats the execution and changes nothing. */
export function variationOf(seed: number, number: number): Variation {
  if (number === 1) return { number, clockMs: 0, chance: undefined, timing: undefined };
  const name = `${seed} variation ${number}`;
  const rng = seededRng(name);
  const days = 1 + rng.int(MOST_DAYS);
  return {
    number,
    clockMs: Math.floor((days + rng.next()) * DAY_MS),
    chance: `${name} chance`,
    timing: `${name} timing`,
  };
}

/** The same with less, the least first. */
export function simplerVariations(given: Variation): readonly Variation[] {
  const none = { number: given.number, clockMs: 0, chance: undefined, timing: undefined };
  const { clockMs, chance, timing } = given;
  return [none, { ...none, clockMs }, { ...none, chance }, { ...none, timing }].filter(
    (one) => textOf(one) !== textOf(given),
  );
}

const textOf = ({ clockMs, chance, timing }: Variation) => `${clockMs} ${chance} ${timing}`;

/** In words, such as "with another clock". */
export function variationText({ clockMs, chance, timing }: Variation): string {
  const parts = [
    ...(clockMs === 0 ? [] : [`a clock ${Math.round(clockMs / DAY_MS)} days on`]),
    ...(chance === undefined ? [] : ['other random numbers']),
    ...(timing === undefined ? [] : ['handlers that begin later']),
  ];
  return parts.length === 0 ? 'executed again' : `with ${parts.join(' and ')}`;
}
