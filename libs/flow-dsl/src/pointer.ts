// RFC 6901 pointers as types: which pointers lead to a value of a wanted type, and what is there.

/** Nesting that the compiler follows before it accepts any text. */
type Fuel = [1, 1, 1, 1, 1];
type Less<F extends readonly unknown[]> = F extends readonly [unknown, ...infer R] ? R : [];

type Replace<
  S extends string,
  A extends string,
  B extends string,
> = S extends `${infer H}${A}${infer T}` ? `${H}${B}${Replace<T, A, B>}` : S;
type Escape<K extends string> = Replace<Replace<K, '~', '~0'>, '/', '~1'>;
type Unescape<K extends string> = Replace<Replace<K, '~1', '/'>, '~0', '~'>;

type IsOpen<T> = unknown extends T ? true : false;
type Leaf = string | number | boolean | bigint | null | undefined | Uint8Array;

/** The pointers into `T` that lead to a value of type `Wanted`; any text where `T` is not known. */
export type PointerTo<T, Wanted, F extends readonly unknown[] = Fuel> =
  IsOpen<T> extends true
    ? string
    : F extends readonly []
      ? `/${string}`
      : ([T] extends [Wanted] ? '' : never) | PointerBelow<T, Wanted, F>;

type PointerBelow<T, Wanted, F extends readonly unknown[]> = [T] extends [Leaf]
  ? never
  : [T] extends [readonly (infer Item)[]]
    ? Step<`${number}`, Item, Wanted, F>
    : { [K in keyof T & string]-?: Step<Escape<K>, T[K], Wanted, F> }[keyof T & string];

type Step<K extends string, T, Wanted, F extends readonly unknown[]> =
  IsOpen<T> extends true
    ? `/${K}` | `/${K}/${string}`
    : PointerTo<T, Wanted, Less<F>> extends infer P extends string
      ? `/${K}${P}`
      : never;

/** The value of `T` at pointer `P`; `any` where that cannot be known. */
export type At<T, P extends string> =
  IsOpen<T> extends true
    ? any // eslint-disable-line @typescript-eslint/no-explicit-any
    : P extends ''
      ? T
      : P extends `/${infer K}/${infer Rest}`
        ? At<Child<T, Unescape<K>>, `/${Rest}`>
        : P extends `/${infer K}`
          ? Child<T, Unescape<K>>
          : any; // eslint-disable-line @typescript-eslint/no-explicit-any

type Child<T, K extends string> = T extends readonly (infer Item)[]
  ? Item
  : K extends keyof T
    ? T[K]
    : any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** The item type of the list of `T` at `P`. */
export type ItemAt<T, P extends string> = At<T, P> extends readonly (infer Item)[] ? Item : unknown;

/** "Pointer or field name" for a part of `T`; any text where `T` is not known. */
export type SelectorOf<T> =
  IsOpen<T> extends true ? string : '' | (keyof T & string) | PointerTo<T, unknown>;
