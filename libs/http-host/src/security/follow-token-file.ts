// Keeps the tokens of a host in step with their file, and says in the log what became of each change.
import type { HostContext } from '../host-part.js';
import type { WatchedTokens } from './watched-tokens.js';

const DEFAULT_CHECK_MS = 1000;

/** Until the host is closed. */
export function followTokenFile(context: HostContext, tokens: WatchedTokens): void {
  const { app, options } = context;
  const log = options.operations?.log;
  const reload = () => {
    const { tokens: count, fault } = tokens.reload();
    if (fault === undefined) log?.write('info', 'token file read', { tokens: count });
    else log?.write('warn', fault.message, { code: fault.code, tokens: count });
  };
  context.onReload(reload);
  const intervalMs = options.security?.tokenFileCheckMs ?? DEFAULT_CHECK_MS;
  if (intervalMs <= 0) return;
  const stop = tokens.onChange(intervalMs, reload);
  app.addHook('onClose', async () => stop());
}
