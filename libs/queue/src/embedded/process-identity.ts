// Tells whether a process of this machine is still there, so that the deliveries of a killed worker need
// not wait for its silence to be noticed.
import { readFileSync, readlinkSync } from 'node:fs';

const IDENTITY_PARTS = 3;

/** Names this process: where its number counts (start of the machine, and the group of processes that
 * can see each other), its number, and when it started. */
export function processIdentity(): string {
  return `${processSpace()} ${process.pid} ${startOf(process.pid) ?? '-'}`;
}

/** True where a process has certainly ended; false where it lives, or nothing is known about it. */
export function hasEnded(identity: string): boolean {
  const parts = identity.split(' ');
  const [space, pid, start] = parts;
  if (parts.length !== IDENTITY_PARTS || space === '-' || space !== processSpace()) return false;
  const number = Number(pid);
  if (!Number.isSafeInteger(number) || number < 1) return false;
  try {
    process.kill(number, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // The number may have been given to another process since.
  const now = startOf(number);
  return start !== '-' && now !== undefined && now !== start;
}

let space: string | undefined;

/** Where numbers of processes mean the same; "-" where the system does not say. */
function processSpace(): string {
  if (space !== undefined) return space;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    space = `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    space = '-';
  }
  return space;
}

/** When a process started, in ticks since the start of the machine; undefined where unknown. A killed
 * process that nobody has waited for is no longer running. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; the state is the first field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
