// Every rule, in the order in which findings are clearest: what a document refers to before what its
// graph looks like, structure before meaning. The order is part of the output; add at the right place.
import type { Rule } from './rule.js';

// The 0.1 contract, section 1 (Flow IR) and section 2 (Diagnostics).
import { uniqueAliases } from './rules/unique-aliases.js';

/** The frozen, ordered list of all rules. */
export const specifiedRules: readonly Rule[] = Object.freeze([uniqueAliases]);
