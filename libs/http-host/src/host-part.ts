// A part of the host: something that adds routes and hooks to the server, once, before it listens.
import type { Value } from '@basalt/ir';
import type { FastifyInstance } from 'fastify';
import type { HttpHostOptions } from './host-options.js';
import type { DirectPath } from './direct/direct-path.js';
import type { CompiledFlow } from './hosted-flow.js';
import type { RunHub } from './run-hub.js';

export interface HostContext {
  readonly app: FastifyInstance;
  readonly flows: readonly CompiledFlow[];
  readonly options: HttpHostOptions;
  readonly runs: RunHub;
  /** The way of plain requests, past all hooks. */
  readonly direct: DirectPath;
  /** Calls back each time the host is told to read its files again. */
  onReload(reload: () => void): void;
}

export interface HostPart {
  readonly name: string;
  /** Paths that no flow may claim; one that ends with "/" covers all below it. */
  readonly reserves?: readonly string[];
  install(context: HostContext): void | Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling, as far as that is proven; '' where it is not. The request guard sets it. */
    client: string;
    /** Entries for the extensions of the invocation, such as `auth.user`; null: none. */
    extensions: Record<string, Value> | null;
  }
}
