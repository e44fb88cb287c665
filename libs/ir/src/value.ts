// The value model that every runtime shares: null, bool, integers of any size, float64, UTF-8 text,
// bytes, list, and map with text keys. Values are immutable by convention: nobody may change one
// after it was handed over.

/** A value that may travel on an edge. A JavaScript number with no fractional part and a magnitude
 * below 2^53 is an integer; other numbers are float64; bigint is an integer of any size. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };
