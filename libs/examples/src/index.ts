// Public API of @basalt/examples: the shipped flows. catalogue.json lists them for people.

// The canonical six.
export { s1Echo } from './s1-echo.js';
export { s2Site } from './s2-site.js';
export { s3Branching } from './s3-branching.js';
export { s4Preflight } from './s4-preflight.js';
export { s5RateLimit } from './s5-rate-limit.js';
export { s6Spill } from './s6-spill.js';

// Flows that users know.
export { apiSync } from './api-sync.js';
export { clickstreamSessions } from './clickstream-sessions.js';
export { etlWeather } from './etl-weather.js';
export { humanApproval } from './human-approval.js';
export { orderEnrichment } from './order-enrichment.js';
export { paymentsSaga } from './payments-saga.js';
export { quakeDigest } from './quake-digest.js';
export { webhookDedupe } from './webhook-dedupe.js';
