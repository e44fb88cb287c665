// The options of serving, for `flows run serve` and for the host's own program.
import type { Argv } from 'yargs';
import { keptOptions } from './kept-options.js';
import { limitOptions } from './limit-options.js';

/** All of them. */
export const serveOptions = (y: Argv) => keptOptions(servingOptions(y));

/** Those that say what is served, where and to whom. */
export const servingOptions = (y: Argv) =>
  guardOptions(limitOptions(y))
    .positional('flow', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Shipped flows, or .ts or .js modules',
    })
    .option('addr', {
      type: 'string',
      default: '127.0.0.1:8080',
      describe: 'HOST:PORT to listen on; port 0 picks a free one',
      requiresArg: true,
    })
    .option('bind', {
      type: 'string',
      array: true,
      describe: 'HINT=PROVIDER, as often as needed',
      requiresArg: true,
    })
    .option('bindings-lock', { type: 'string', describe: 'Bindings lock file', requiresArg: true })
    .option('viewer', { type: 'boolean', default: true, describe: 'The run viewer at /_flows/' })
    .option('expose-errors', {
      type: 'boolean',
      describe: 'Send the text of internal failures to callers',
    })
    .option('access-log', { type: 'boolean', describe: 'Log each request to stderr' })
    .option('max-loop-delay-ms', {
      type: 'number',
      describe: 'Refuse executions while the event loop is later than this; 0 never does',
      requiresArg: true,
    })
    .conflicts('bindings-lock', 'bind');

/** Those that say who may call, and from where. */
const guardOptions = <T>(y: Argv<T>) =>
  y
    .option('token-file', {
      type: 'string',
      describe: 'JSON file with the tokens that may call',
      requiresArg: true,
    })
    .option('allow-unauthenticated', {
      type: 'boolean',
      describe: 'Listen beyond this machine without tokens',
    })
    .option('trusted-proxy', {
      type: 'string',
      array: true,
      describe: 'Address or range of a proxy whose X-Forwarded-* is believed',
      requiresArg: true,
    })
    .option('cors-origin', {
      type: 'string',
      array: true,
      describe: 'Origin of web pages that may call',
      requiresArg: true,
    })
    .option('allowed-host', {
      type: 'string',
      array: true,
      describe: 'Name to which the host answers, as often as needed',
      requiresArg: true,
    })
    .option('behind-tls', {
      type: 'boolean',
      describe: 'A proxy serves it over TLS only: answers say so to browsers',
    })
    .option('webhooks', {
      type: 'string',
      describe: 'JSON file with the triggers whose requests are signed',
      requiresArg: true,
    });
