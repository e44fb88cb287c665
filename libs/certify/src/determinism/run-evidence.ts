// The evidence of the certification of a recorded run.
import { diagnostic, explainCode, type Diagnostic } from '@basalt/diagnostics';
import { structuralHash, valueToJson, type FlowIR } from '@basalt/ir';
import {
  EVIDENCE_FORMAT,
  EVIDENCE_VERSION,
  type Evidence,
  type EvidenceFailure,
} from '../evidence/evidence.js';
import { toolVersions } from '../evidence/tool-versions.js';
import { valueText } from '../evidence/value-text.js';
import type { DeterminismOptions } from './certify-determinism.js';
import type { FoundReplay, RunFindings } from './certify-run.js';
import { variationText } from './variation.js';

const SCOPE = [
  'The run is replayed from its journal with another clock and other random numbers of the platform, and with handlers that begin later. Nodes that are pure and strict are called and compared with what is recorded; all others are answered from the journal.',
  'Nothing is written, and no effect happens again.',
];

export function runEvidence(
  flow: FlowIR,
  options: DeterminismOptions,
  { start, variations, failed, called, answered, found }: RunFindings,
  began: number,
): Evidence {
  return {
    format: EVIDENCE_FORMAT,
    version: EVIDENCE_VERSION,
    kind: 'determinism',
    verdict: found === undefined ? 'certified' : 'failed',
    flow: { id: flow.id, name: flow.name, version: flow.version, hash: structuralHash(flow) },
    backend: 'memory',
    seed: options.seed ?? 1,
    tools: toolVersions(options.tools),
    started_at: new Date(began).toISOString(),
    duration_ms: Date.now() - began,
    counts: {
      inputs: 1,
      cases: variations.length,
      cases_failed: failed.size,
      executions: variations.length,
      invocations_compared: called,
      invocations_answered: answered,
    },
    inputs: [
      { id: start.runId, payload: valueToJson(start.payload), end: 'as recorded', effects: 0 },
    ],
    cases: variations.map((variation) => ({
      number: variation.number,
      inputs: [start.runId],
      faults: [variationText(variation)],
      verdict: failed.has(variation.number) ? ('failed' as const) : ('passed' as const),
      codes: failed.has(variation.number) && found !== undefined ? [codeOf(found)] : [],
    })),
    notes: [
      `Run ${start.runId}, as it is in its journal.`,
      ...(called === 0
        ? ['No node of the run is pure and strict: nothing could be compared.']
        : []),
    ],
    scope: SCOPE,
    ...(found === undefined ? {} : { failure: failureOf(found, start) }),
  };
}

function codeOf(found: FoundReplay): string {
  return findingOf(found, '').code;
}

function findingOf({ finding, report: { divergence } }: FoundReplay, when: string): Diagnostic {
  if (divergence === undefined) return finding;
  const { node, where } = divergence;
  const values = { expected: valueText(divergence.expected), got: valueText(divergence.got) };
  if (node !== '') return diagnostic.CERT010({ node, ...values, when: `${when} (${where})` });
  return diagnostic.CERT011({ receiver: 'the caller of the flow', ...values, when });
}

function failureOf(found: FoundReplay, start: RunFindings['start']): EvidenceFailure {
  const { variation, report, tried } = found;
  const { divergence } = report;
  const when = variationText(variation);
  const finding = findingOf(found, when);
  return {
    code: finding.code,
    message: finding.message,
    fix: explainCode(finding.code)?.fix ?? '',
    node: divergence?.node ?? '',
    also: [],
    case_number: variation.number,
    reduced_by: tried,
    faults: [when],
    inputs: [{ id: start.runId, payload: valueToJson(start.payload) }],
    timeline:
      divergence === undefined
        ? []
        : [
            { ms: 0, what: 'job', job: divergence.node, text: `invocation ${divergence.key}` },
            {
              ms: 0,
              what: 'commit',
              job: divergence.node,
              text: `recorded: ${valueText(divergence.expected)}`,
            },
            {
              ms: 0,
              what: 'injection',
              job: divergence.node,
              text: `replayed: ${valueText(divergence.got)}`,
            },
          ],
    ledger: [],
    commands: [],
  };
}
