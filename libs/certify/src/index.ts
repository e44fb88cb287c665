// Public API of @basalt/certify.

// Idempotency.
export { certifyIdempotency, DEFAULT_CASES, DEFAULT_SEED } from './certify-idempotency.js';
export type { CertifyProgress, IdempotencyOptions } from './certify-idempotency.js';
export type { CertifyCase, Injection } from './cases/certify-case.js';
export { parseCase } from './cases/case-json.js';
export { readPayloads } from './inputs/make-inputs.js';
export { parseWorldState } from './world/world-state.js';
export type { WorldState } from './world/world-state.js';

// Determinism.
export { certifyDeterminism, DEFAULT_VARIATIONS } from './determinism/certify-determinism.js';
export { certifyRun } from './determinism/certify-run.js';
export type { DeterminismOptions } from './determinism/certify-determinism.js';
export { PerturbedPlatform } from './determinism/perturbed-platform.js';

// The processes that are killed.
export { runCertifyWorker } from './worker/run-certify-worker.js';
export type { WorkerCommand } from './worker/worker-process.js';

// What is left behind.
export { evidenceText } from './evidence/evidence-text.js';
export { writeBundle } from './evidence/write-bundle.js';
export type { Evidence, EvidenceCase, EvidenceFailure } from './evidence/evidence.js';
