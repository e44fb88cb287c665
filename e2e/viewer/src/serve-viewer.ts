// Starts the real host with the shipped flows, on a free port of this machine.
import { memoryBlob, memoryDedupe, memoryKv, systemClock, systemRng } from '@basalt/capabilities';
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
import { everyField, largeFlow, personalData, slowWork } from './test-flows.js';

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
  largeFlow,
];

export async function serveViewer(options: HttpHostOptions = {}): Promise<ServedViewer> {
  const capabilities = {
    clock: systemClock(),
    rng: systemRng(),
    kv: memoryKv(),
    blob: memoryBlob(),
    dedupe: memoryDedupe(),
  };
  const flows = FLOWS.map((bundle) => ({ bundle, capabilities }));
  const host = await createHttpHost(flows, { viewer: {}, drainMs: 0, ...options });
  const { url } = await host.listen({ host: '127.0.0.1', port: 0 });
  return { url, pages: `${url}/_flows/`, close: () => host.close() };
}
