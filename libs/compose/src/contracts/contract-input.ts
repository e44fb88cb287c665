// Reads the input of a contract: each value is checked when it is taken, and what is wrong is COMP112.
import type { Value } from '@basalt/ir';
import { isMap, type ValueMap } from '../document/plain-values.js';
import { wrongInput } from '../operators/operator-input.js';
import type { State } from '../run/state.js';

export class ContractInput {
  constructor(
    private readonly id: string,
    private readonly input: State,
  ) {}

  /** Any value; undefined where there is none or null. */
  value(key: string): Value | undefined {
    const given = Object.hasOwn(this.input, key) ? this.input[key] : undefined;
    return given ?? undefined;
  }

  /** Whether the key is there at all, null included. */
  has(key: string): boolean {
    return Object.hasOwn(this.input, key);
  }

  text(key: string): string {
    return this.optionalText(key) ?? this.refuse(key, 'a text', undefined);
  }

  optionalText(key: string): string | undefined {
    const given = this.value(key);
    if (given === undefined || typeof given === 'string') return given;
    return this.refuse(key, 'a text', given);
  }

  /** One of some words; the first one is the default. */
  word<W extends string>(key: string, words: readonly [W, ...W[]]): W {
    const given = this.value(key);
    if (given === undefined) return words[0];
    const found = words.find((word) => word === given);
    return found ?? this.refuse(key, `one of ${words.join(', ')}`, given);
  }

  flag(key: string, otherwise: boolean): boolean {
    const given = this.value(key);
    if (given === undefined) return otherwise;
    return typeof given === 'boolean' ? given : this.refuse(key, 'true or false', given);
  }

  /** A whole number in a range, both ends included. */
  whole(key: string, least = 0, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const given = this.value(key);
    if (given === undefined) return undefined;
    const fits = typeof given === 'number' && Number.isInteger(given);
    if (fits && given >= least && given <= most) return given;
    const top = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
    return this.refuse(key, `a whole number of at least ${least}${top}`, given);
  }

  list(key: string): readonly Value[] {
    return this.optionalList(key) ?? this.refuse(key, 'a list', undefined);
  }

  optionalList(key: string): readonly Value[] | undefined {
    const given = this.value(key);
    if (given === undefined) return undefined;
    return Array.isArray(given) ? (given as readonly Value[]) : this.refuse(key, 'a list', given);
  }

  /** A list of texts. */
  texts(key: string): readonly string[] | undefined {
    const given = this.optionalList(key);
    if (given === undefined) return undefined;
    return given.every((item) => typeof item === 'string')
      ? (given as readonly string[])
      : this.refuse(key, 'a list of texts', given);
  }

  map(key: string): ValueMap {
    return this.optionalMap(key) ?? this.refuse(key, 'a map', undefined);
  }

  optionalMap(key: string): ValueMap | undefined {
    const given = this.value(key);
    if (given === undefined || isMap(given)) return given;
    return this.refuse(key, 'a map', given);
  }

  /** Text or bytes. */
  data(key: string): string | Uint8Array | undefined {
    const given = this.value(key);
    if (given === undefined || typeof given === 'string' || given instanceof Uint8Array) {
      return given;
    }
    return this.refuse(key, 'a text or bytes', given);
  }

  refuse(key: string, wanted: string, given: unknown): never {
    throw wrongInput(this.id, key, wanted, given);
  }
}
