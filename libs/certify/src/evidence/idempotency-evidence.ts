// The evidence of an idempotency certification.
import { explainCode } from '@basalt/diagnostics';
import { structuralHash, valueToJson, type FlowIR, type Json } from '@basalt/ir';
import { caseToJson } from '../cases/case-json.js';
import { INJECTION_KINDS, injectionText, batchesOf } from '../cases/certify-case.js';
import type {
  IdempotencyFindings,
  IdempotencyOptions,
  JudgedCase,
  MinimalCase,
} from '../certify-idempotency.js';
import { deedOf } from '../run/effect-groups.js';
import type { Reference } from '../run/reference.js';
import { causeOf } from '../run/violation.js';
import type { EffectCall } from '../world/effect-call.js';
import {
  EVIDENCE_FORMAT,
  EVIDENCE_VERSION,
  type Evidence,
  type EvidenceFailure,
} from './evidence.js';
import { toolVersions } from './tool-versions.js';

interface Circumstances {
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly backend: 'embedded' | 'redis';
}

const SCOPE = [
  'Effects are the calls of capabilities that change something: kv, blob and fs writes, queue messages, requests other than GET, HEAD, OPTIONS and TRACE. What a handler does past its capabilities is not seen.',
  'The world outside is simulated: it answers from the world file, keeps what it is given for one case, and acts once for a key that it is sent. How a real service treats keys is its own matter.',
  'Workers, queue and journal are the real ones, in processes of their own. Faults come at the calls and commits that they are named after; what other threads of the machine do meanwhile is left to chance.',
  'A failed run is final here: what another attempt of the queue would repeat is tried by repeated events.',
];

/** The whole document. */
export function idempotencyEvidence(
  flow: FlowIR,
  options: IdempotencyOptions,
  findings: IdempotencyFindings,
  { began, backend }: Circumstances,
): Evidence {
  const { references, judged, minimal } = findings;
  return {
    format: EVIDENCE_FORMAT,
    version: EVIDENCE_VERSION,
    kind: 'idempotency',
    verdict: minimal === undefined ? 'certified' : 'failed',
    flow: { id: flow.id, name: flow.name, version: flow.version, hash: structuralHash(flow) },
    backend,
    seed: options.seed ?? 1,
    tools: toolVersions(options.tools),
    started_at: new Date(began).toISOString(),
    duration_ms: Date.now() - began,
    counts: countsOf(findings),
    inputs: references.map((reference) => ({
      id: reference.input.id,
      payload: valueToJson(reference.input.payload),
      end: endText(reference),
      effects: effectsOf(reference),
    })),
    cases: judged.map(({ number, case: given, violations }) => ({
      number,
      inputs: given.inputs.map(({ id }) => id),
      faults: given.injections.map(injectionText),
      verdict: violations.length === 0 ? 'passed' : 'failed',
      codes: [...new Set(violations.map(({ finding }) => finding.code))],
    })),
    notes: notesOf(findings, options),
    scope: SCOPE,
    ...(minimal === undefined ? {} : { failure: failureOf(minimal, flow, judged) }),
  };
}

function endText({ end: { status, reason } }: Reference): string {
  return reason === undefined ? status : `${status}: ${reason.code} ${reason.message}`;
}

function effectsOf({ groups }: Reference): number {
  return [...groups.values()].reduce(
    (sum, group) => sum + new Set(group.map((effect) => deedOf(effect))).size,
    0,
  );
}

function countsOf({ references, judged }: IdempotencyFindings): Record<string, number> {
  const injections = judged.flatMap(({ case: { injections: all } }) => all);
  const byKind = INJECTION_KINDS.map((kind) => [
    kind,
    injections.filter((injection) => injection.kind === kind).length,
  ]);
  const jobs = judged.map(({ case: given }) => batchesOf(given).flat().length);
  const effects = new Map(references.map((one) => [one.input.id, effectsOf(one)]));
  const expected = judged.flatMap(({ case: { inputs } }) =>
    inputs.map(({ id }) => effects.get(id) ?? 0),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  return {
    inputs: references.length,
    inputs_completed: references.filter(({ end }) => end.status === 'completed').length,
    cases: judged.length,
    cases_failed: judged.filter(({ violations }) => violations.length > 0).length,
    deliveries: sum(jobs),
    effects_expected: sum(expected),
    faults: injections.length,
    ...Object.fromEntries(byKind),
  };
}

function notesOf(
  { references, judged }: IdempotencyFindings,
  { payloads }: IdempotencyOptions,
): readonly string[] {
  const varying = references.filter(({ varies }) => varies).map(({ input }) => input.id);
  const failing = references.filter(({ end }) => end.status !== 'completed');
  const missed = judged.flatMap(({ number, case: { injections }, record: { injected } }) =>
    injections
      .filter((injection) => !injected.includes(injection))
      .map((injection) => `case ${number}: ${injectionText(injection)}`),
  );
  return [
    payloads === undefined
      ? 'The inputs were made from the schema of the trigger.'
      : 'The inputs were given.',
    ...(references.every((one) => effectsOf(one) === 0)
      ? ['The flow has no effects that are seen: the certificate is about results and ends alone.']
      : []),
    ...(failing.length > 0
      ? [
          `${failing.length} of the inputs fail without any fault; they are certified to fail cleanly.`,
        ]
      : []),
    ...(varying.length > 0
      ? [`The results of ${varying.join(', ')} differ without any fault and were not compared.`]
      : []),
    ...(missed.length > 0
      ? [`Faults whose point was not reached in the course: ${missed.join('; ')}.`]
      : []),
  ];
}

function failureOf(
  minimal: MinimalCase,
  flow: FlowIR,
  judged: readonly JudgedCase[],
): EvidenceFailure {
  const { violation, record, case: given, number, tried } = minimal;
  const { code, message } = violation.finding;
  const all = new Set(judged.flatMap(({ violations }) => violations.map(causeOf)));
  all.delete(causeOf(violation));
  return {
    code,
    message,
    fix: explainCode(code)?.fix ?? '',
    node: violation.node,
    also: [...all].map((cause) => cause.trim()),
    case_number: number,
    reduced_by: tried,
    faults: given.injections.map(injectionText),
    inputs: given.inputs.map(({ id, payload }) => ({ id, payload: valueToJson(payload) })),
    timeline: record.timeline,
    ledger: record.effects.map(ledgerLine),
    commands: [],
    case: caseToJson(given, flow.name) as Json,
  };
}

/** A call as it is printed and kept. */
function ledgerLine(effect: EffectCall): Readonly<Record<string, Json>> {
  const { seq, job, run, node, key, preview, acted, late, compensation } = effect;
  return {
    seq,
    job,
    run,
    node: compensation ? `undo ${node}` : node,
    key: key ?? null,
    effect: deedOf(effect),
    says: preview,
    acted,
    late,
  };
}
