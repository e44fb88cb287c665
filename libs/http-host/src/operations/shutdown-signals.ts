// Ends a host on SIGTERM and SIGINT: the first signal lets executions end, the second one ends now.
import type { Log } from '@basalt/capabilities';

/** What can be ended. */
export interface Closable {
  /** Takes nothing new, lets executions end, then closes. */
  close(): Promise<void>;
  /** Cancels all executions, lets them clean up, and closes every connection. */
  closeNow(): Promise<void>;
}

export interface ShutdownOptions {
  readonly log?: Log;
  /** Where signals come from; this process by default. */
  readonly source?: Pick<NodeJS.Process, 'on' | 'off'>;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Resolves with the number of signals that it took when the host has ended. From then on signals do
 * what they did before. */
export function closeOnSignals(host: Closable, options: ShutdownOptions = {}): Promise<number> {
  const { log, source = process } = options;
  return new Promise((resolve, reject) => {
    let count = 0;
    const done = () => {
      for (const signal of SIGNALS) source.off(signal, onSignal);
      resolve(count);
    };
    const failed = (error: unknown) => {
      for (const signal of SIGNALS) source.off(signal, onSignal);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    function onSignal(signal: NodeJS.Signals): void {
      count += 1;
      log?.write('info', count === 1 ? 'stopping' : 'stopping now', { signal });
      if (count === 1) host.close().then(done, failed);
      if (count === 2) host.closeNow().catch(failed);
    }
    for (const signal of SIGNALS) source.on(signal, onSignal);
  });
}
