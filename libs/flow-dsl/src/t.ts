// The schema language of the DSL: TypeBox, plus the shapes of our value model that JSON Schema has no
// word for, and the shapes that control surfaces hand to their target.
import { Type, type Static, type TSchema, type TUnsafe } from 'typebox';

declare const opaque: unique symbol;

/** Anything: nothing is checked on the edge. `T` is what TypeScript is told. */
export interface TOpaque<T> extends TUnsafe<T> {
  readonly [opaque]?: never;
}

/** The message that a window hands to its target. */
export interface Windowed<Item> {
  readonly key: unknown;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly items: Item[];
}

/** What went wrong in a node, as an error or timeout handler receives it. */
export interface Failure<Input> {
  readonly error: {
    /** The code of the finding. */
    readonly code: string;
    readonly message: string;
    /** The node that failed, and the attempt that was its last. */
    readonly node: string;
    readonly attempt: number;
  };
  readonly input: Input;
}

/** What follows an await: the event, and what had been waiting. */
export interface Resumed<Event, Input> {
  readonly event: Event;
  readonly input: Input;
}

const opaqueSchemas = new WeakSet<object>();

/** True for schemas made by `t.Opaque` and `t.Void`. */
export function isOpaque(schema: TSchema): boolean {
  return opaqueSchemas.has(schema);
}

function opaqueSchema<T>(): TOpaque<T> {
  const schema = Type.Unsafe<T>({});
  opaqueSchemas.add(schema);
  return schema;
}

function named<S extends TSchema>(name: string, schema: S): S {
  const copy = Object.create(
    Object.getPrototypeOf(schema) as object | null,
    Object.getOwnPropertyDescriptors(schema),
  ) as S;
  if (opaqueSchemas.has(schema)) opaqueSchemas.add(copy);
  return Object.defineProperty(copy, '$id', { value: name, enumerable: true, configurable: true });
}

/** What `t` has beside TypeBox's own builders. */
export interface SchemaExtensions {
  /** Gives a schema the name under which it stands in the flow document. */
  Named<S extends TSchema>(name: string, schema: S): S;
  /** Bytes; base64 text in JSON. */
  Bytes(): TUnsafe<Uint8Array>;
  /** An integer of any size. Values below 2^53 arrive as numbers. */
  BigInt(): TUnsafe<number | bigint>;
  /** Nothing worth a schema. */
  Void(): TOpaque<unknown>;
  /** Anything, unchecked. */
  Opaque<T = unknown>(): TOpaque<T>;
  /** What a window hands to its target. */
  Windowed<S extends TSchema>(item: S): TUnsafe<Windowed<Static<S>>>;
  /** What an error handler or a timeout handler receives. */
  Failure<S extends TSchema>(input: S): TUnsafe<Failure<Static<S>>>;
  /** What the node after an await receives. */
  Resumed<E extends TSchema, S extends TSchema>(
    event: E,
    input: S,
  ): TUnsafe<Resumed<Static<E>, Static<S>>>;
}

const extensions: SchemaExtensions = {
  Named: named,
  Bytes: () => Type.Unsafe<Uint8Array>({ type: 'string', contentEncoding: 'base64' }),
  BigInt: () => Type.Unsafe<number | bigint>({ type: 'integer' }),
  Void: () => opaqueSchema<unknown>(),
  Opaque: <T>() => opaqueSchema<T>(),
  Windowed: <S extends TSchema>(item: S) =>
    Type.Unsafe<Windowed<Static<S>>>(
      Type.Object({
        key: Type.Unknown(),
        start_ms: Type.Number(),
        end_ms: Type.Number(),
        items: Type.Array(item),
      }),
    ),
  Failure: <S extends TSchema>(input: S) =>
    Type.Unsafe<Failure<Static<S>>>(
      Type.Object({
        error: Type.Object({
          code: Type.String(),
          message: Type.String(),
          node: Type.String(),
          attempt: Type.Integer(),
        }),
        input,
      }),
    ),
  Resumed: <E extends TSchema, S extends TSchema>(event: E, input: S) =>
    Type.Unsafe<Resumed<Static<E>, Static<S>>>(Type.Object({ event, input })),
};

/** Schemas: `t.Object({ id: t.String() })`. */
export const t: Omit<typeof Type, keyof SchemaExtensions> & SchemaExtensions = {
  ...Type,
  ...extensions,
};
