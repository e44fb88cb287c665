// Who writes journals in a folder: one row for each store that has it open. A store is alive while its
// process runs; where that cannot be seen (another container), while its heartbeat counts on.
import { processState, type ProcessIdentity, type Tables } from '@basalt/capabilities';
import { decodeCanonical, encodeCanonical } from '@basalt/ir';

/** One store that has the folder open. */
export interface OwnerRow {
  readonly id: string;
  readonly process: ProcessIdentity;
  /** Grows while the store has runs. A counter and no time: clocks jump. */
  readonly heartbeat: number;
}

const TABLE = 'owners';
/** Milliseconds without a heartbeat after which a store counts as dead. */
export const LEASE_MS = 30_000;

const keyOf = (id: string) => Buffer.from(id, 'hex');

export function putOwner(tables: Tables, row: OwnerRow): void {
  const { id, process, heartbeat } = row;
  const value = encodeCanonical({ id, process: { ...process }, heartbeat });
  tables(TABLE).putSync(keyOf(id), Buffer.from(value));
}

export function readOwner(tables: Tables, id: string): OwnerRow | undefined {
  const value = tables(TABLE).get(keyOf(id));
  return value && (decodeCanonical(value) as unknown as OwnerRow);
}

export function removeOwner(tables: Tables, id: string): void {
  tables(TABLE).removeSync(keyOf(id));
}

export function allOwners(tables: Tables): OwnerRow[] {
  return [...tables(TABLE).getRange({})].map(
    ({ value }) => decodeCanonical(value) as unknown as OwnerRow,
  );
}

/** What messages call an owner. */
export function ownerName({ process }: OwnerRow): string {
  return `process ${process.pid} on ${process.host}`;
}

/** Tells live owners from dead ones. */
export class OwnerWatch {
  readonly #leaseMs: number;
  readonly #seen = new Map<string, { heartbeat: number; since: number }>();

  /** @param leaseMs how long a heartbeat may stand still, by this process's monotonic clock. */
  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  isAlive({ id, process, heartbeat }: OwnerRow): boolean {
    const state = processState(process);
    if (state !== 'unknown') return state === 'runs';
    const now = performance.now();
    const seen = this.#seen.get(id);
    if (seen === undefined || seen.heartbeat !== heartbeat) {
      this.#seen.set(id, { heartbeat, since: now });
      return true;
    }
    return now - seen.since < this.#leaseMs;
  }
}
