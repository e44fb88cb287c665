// Where a step stands: what it belongs to, the state of its list, and the variables of the slot around it.
import type { Value } from '@basalt/ir';
import type { Call } from './call.js';
import type { CancelScope } from './cancel-scope.js';
import type { Registry } from './registry.js';
import type { ComposeRun } from './compose-run.js';
import type { State } from './state.js';

export type SlotVars = { readonly [name: string]: Value };

/** What a list shares with the lists inside it, until a step opens another scope. */
export interface Scope {
  readonly run: ComposeRun;
  readonly registry: Registry;
  readonly cancel: CancelScope;
  /** Tags of every line of the log. */
  readonly tags: { readonly [name: string]: Value };
  /** The call of the component whose steps these are; undefined for those of the compose itself. */
  readonly owner: Call | undefined;
}

export class Frame {
  constructor(
    readonly scope: Scope,
    /** Owned by the list that runs. */
    readonly state: State,
    readonly slotVars: SlotVars | undefined,
    /** Calls and slots around this one. */
    readonly depth: number,
  ) {}
}
