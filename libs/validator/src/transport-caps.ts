// How large a message may be where it leaves the process. One table for every profile.
import type { Profile } from '@basalt/ir';

/** A limit of a transport, in bytes. */
export interface TransportCap {
  readonly transport: string;
  readonly bytes: number;
}

/** The limits of one profile; absent where messages stay in the process. */
export interface TransportCaps {
  /** What starts an execution, unless its trigger states its own limit. */
  readonly payload?: TransportCap;
  /** What goes into and comes out of an activity. */
  readonly activity?: TransportCap;
}

const MIB = 2 ** 20;

export const TRANSPORT_CAPS: Readonly<Record<Profile, TransportCaps>> = {
  // Fastify, option `bodyLimit`: 1 MiB unless the trigger sets max_payload_bytes.
  web: { payload: { transport: 'an HTTP request body', bytes: MIB } },
  // Redis, directive `proto-max-bulk-len`: a string is at most 512 MB; a BullMQ job is one field.
  queue: { payload: { transport: 'a Redis string', bytes: 512 * MIB } },
  // Temporal, "Troubleshoot payload and gRPC message size limit errors": 2 MB a payload.
  temporal: {
    payload: { transport: 'a Temporal payload', bytes: 2 * MIB },
    activity: { transport: 'a Temporal payload', bytes: 2 * MIB },
  },
  wasm: {},
  metal: {},
  dev: {},
};
