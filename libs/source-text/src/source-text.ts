// What reading a text gives: a value with the place of each part, or why there is none.
import type { Location } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';

/** Keys and list indices from the root to a part. */
export type SourcePath = readonly (string | number)[];

export type SourceText =
  | {
      readonly kind: 'read';
      readonly value: Value;
      /** The place of a part, or of the nearest part around it. */
      readonly at: (path: SourcePath) => Location;
    }
  | { readonly kind: 'broken'; readonly reason: string; readonly at: Location };
