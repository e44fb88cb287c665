// The few TypeBox shapes that Flow IR uses everywhere: fields with a default, optional fields that
// other emitters may write as null, and closed word lists.
import { Type, type Static, type TSchema } from 'typebox';

/** Marks a field that a document may omit; the loader fills `value` in, so its type is never undefined. */
export function defaulted<S extends TSchema>(schema: S, value: Static<S>, description: string): S {
  return { ...schema, default: value, description } as S;
}

/** The same schema with a description of its use in one place. */
export function described<S extends TSchema>(schema: S, description: string): S {
  return { ...schema, description } as S;
}

/** An optional field. Other emitters write null for "absent"; the loader drops such nulls. */
export function optional<S extends TSchema>(schema: S, description: string) {
  const nullable = Type.Unsafe<Static<S>>({ anyOf: [schema, { type: 'null' }], description });
  return Type.Optional(nullable);
}

/** A closed list of words, as a JSON Schema enum. */
export function words<const W extends readonly string[]>(list: W, description?: string) {
  const described = description === undefined ? {} : { description };
  return Type.Unsafe<W[number]>({ type: 'string', enum: [...list], ...described });
}

/** A whole number of at least `minimum`, up to 2^53 - 1. */
export function whole(minimum: number, description?: string) {
  return Type.Integer({
    minimum,
    maximum: Number.MAX_SAFE_INTEGER,
    ...(description === undefined ? {} : { description }),
  });
}
