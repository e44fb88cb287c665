// What a queue does about a run that has not completed: try again, wait, or put the job aside.
import type { DeliveryOutcome, JobFault } from '../job.js';

/** Another attempt ends in the same way: the payload, the flow or the host is wrong, or somebody has to
 * decide. What is not listed may have been the weather: a handler that threw, a limit of time. */
const LASTING: ReadonlySet<string> = new Set([
  // The payload or the trigger is not one for this flow.
  'RUN050',
  'RUN113',
  'RUN114',
  'RUN116',
  'RUN117',
  // The host lacks a handler, a capability, or support for what the flow asks for.
  'CAP101',
  'CAP102',
  'RUN102',
  'RUN115',
  'RUN118',
  // The flow cannot end for this payload.
  'RUN110',
  'RUN111',
  'RUN112',
  'RUN121',
  // Its key belongs to another input for as long as it is remembered.
  'IDEM099',
  // A person has to decide, or the flow has to be mended.
  'DUR102',
  'DUR104',
  'DUR105',
  'DUR111',
]);

/** Until a key that another run holds is asked for again, in milliseconds. */
const HELD_KEY_MS = 250;
/** Until a store that cannot be written is tried again, in milliseconds. */
const STORE_MS = 1_000;
/** Until a worker with the version of the flow that the run needs may have come. */
const OTHER_VERSION_MS = 5_000;
/** Until the owner of a run may be gone. */
const OWNED_MS = 500;
/** Until a worker may have come that has opened the journals that there are now. */
const OTHER_STORE_MS = 5_000;

const STORE_GONE = 'JRNL201';

/** What happens elsewhere, and is no fault of the job: waited for without using an attempt. */
const WAITS: ReadonlyMap<string, number> = new Map([
  // It was interrupted, and goes on from its journal.
  ['DUR107', 0],
  ['DUR103', HELD_KEY_MS],
  ['DUR101', STORE_MS],
  ['CAP107', STORE_MS],
  ['CAP108', STORE_MS],
  ['CAP109', STORE_MS],
  // Its server cannot be reached.
  ['CAP130', STORE_MS],
  ['CAP131', STORE_MS],
  ['DUR110', OTHER_VERSION_MS],
  ['JRNL004', OWNED_MS],
  ['JRNL008', OWNED_MS],
  // Nothing was begun in a store that is gone; this worker can begin nothing any more.
  [STORE_GONE, OTHER_STORE_MS],
  ['QUE110', OTHER_VERSION_MS],
]);

/** The outcome of a delivery whose run was open when its journal was lost: what it had done is not known any
 * more, so it is not begun again before somebody has decided. */
export function storeGoneOutcome(fault: JobFault): DeliveryOutcome | undefined {
  const { code, message } = fault;
  return code === STORE_GONE ? { kind: 'dead', reason: { code, message } } : undefined;
}

/** The outcome of a delivery whose run failed, or could not be begun, for this reason. */
export function failureOutcome(fault: JobFault): DeliveryOutcome {
  const { code, message } = fault;
  const reason = { code, message };
  const delayMs = WAITS.get(code);
  if (delayMs !== undefined) return { kind: 'retry', reason, delayMs, countsAttempt: false };
  return isLasting(code) ? { kind: 'dead', reason } : { kind: 'retry', reason };
}

/** Whether another run with the same payload would fail in the same way. */
export function isLasting(code: string): boolean {
  return LASTING.has(code) || code.startsWith('JRNL');
}
