// Starts the real host with the shipped flows, on a free port of this machine.
import {
  memoryBlob,
  memoryDedupe,
  memoryKv,
  secretStore,
  systemClock,
  systemRng,
} from '@basalt/capabilities';
import {
  humanApproval,
  orderEnrichment,
  paymentsSaga,
  quakeDigest,
  s1Echo,
  s2Site,
  s3Branching,
  s5RateLimit,
  webhookDedupe,
} from '@basalt/examples';
import { createHttpHost, type HttpHostOptions } from '@basalt/http-host';
import {
  everyField,
  giveAway,
  largeFlow,
  lateLimit,
  personalData,
  slowWork,
} from './test-flows.js';

export interface ServedViewer {
  /** Of the host, without a slash at its end. */
  readonly url: string;
  /** Of the viewer's pages, to which a fragment may be added. */
  readonly pages: string;
  close(): Promise<void>;
}

const FLOWS = [
  s1Echo,
  s2Site,
  s3Branching,
  s5RateLimit,
  orderEnrichment,
  quakeDigest,
  paymentsSaga,
  humanApproval,
  webhookDedupe,
  slowWork,
  everyField,
  personalData,
  giveAway,
  lateLimit,
  largeFlow,
];

/** A secret of the flow give_away. */
export const DOOR_KEY = 'k3y <of> "the" d\u00f6\u00f6r/1';

/** How many flows the host has. */
export const FLOW_COUNT = FLOWS.length;

export async function serveViewer(options: HttpHostOptions = {}): Promise<ServedViewer> {
  const capabilities = {
    clock: systemClock(),
    rng: systemRng(),
    kv: memoryKv(),
    blob: memoryBlob(),
    dedupe: memoryDedupe(),
    secrets: secretStore({ allow: ['DOOR_KEY'], values: { DOOR_KEY } }),
  };
  const flows = FLOWS.map((bundle) => ({ bundle, capabilities }));
  // A busy machine is no fault of the pages: no load is shed here, and there is time enough.
  const patient = { drainMs: 0, operations: { maxEventLoopDelayMs: 0 }, deadlineMs: 600_000 };
  const host = await createHttpHost(flows, { viewer: {}, ...patient, ...options });
  const { url } = await host.listen({ host: '127.0.0.1', port: 0 });
  return { url, pages: `${url}/_flows/`, close: () => host.close() };
}
