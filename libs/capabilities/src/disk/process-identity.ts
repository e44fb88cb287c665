// Which process this is, so that another one can tell whether it still runs: a process id alone is used
// again, and means something else in another container.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, as it is written into a journal. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Differs after every start of the machine; empty where the system does not say. */
  readonly boot: string;
  /** Of process ids; empty where the system does not say. */
  readonly namespace: string;
  /** When the process began, in ticks since the start of the machine; empty where not known. */
  readonly began: string;
}

function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** The field 22 of proc(5) /proc/pid/stat. The name of the program, field 2, may hold anything. */
function beganOf(pid: number): string {
  return readOr(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  });
}

let own: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    host: hostname(),
    boot: readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    namespace: readOr(() => readlinkSync('/proc/self/ns/pid')),
    began: beganOf(process.pid),
  };
  return own;
}

/** Whether a process runs, as far as this one can see by itself. */
export function processState(other: ProcessIdentity): 'runs' | 'gone' | 'unknown' {
  const mine = thisProcess();
  // The store works on one machine only: another start of it has ended all processes.
  if (mine.boot !== other.boot) return 'gone';
  if (mine.boot === '' || mine.namespace !== other.namespace || other.began === '') {
    return 'unknown';
  }
  if (beganOf(other.pid) !== other.began) return 'gone';
  // Another thread of this process, or another copy of this module in it.
  return other.pid === mine.pid ? 'unknown' : 'runs';
}
