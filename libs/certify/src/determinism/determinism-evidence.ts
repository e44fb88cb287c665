// The evidence of a determinism certification.
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
import type {
  DeterminismFindings,
  DeterminismOptions,
  FoundDifference,
  VariedInput,
} from './certify-determinism.js';
import { exactNodes } from './perturbed-flow.js';
import { variationText } from './variation.js';

const SCOPE = [
  'Each input is executed in deterministic mode, then again with another clock (of the platform and of the context), other random numbers, and handlers that begin at other times, which changes the order of nodes that run at once.',
  'Nodes that promise equal outputs for equal inputs (strict and stable, without effects) are called and compared value by value; all others are answered with what they gave the first time.',
  'The world outside is simulated and the same each time. State that a process has kept from before, files and networks that a handler reaches past its capabilities are not changed.',
];

export function determinismEvidence(
  flow: FlowIR,
  options: DeterminismOptions,
  findings: DeterminismFindings,
  began: number,
): Evidence {
  const { inputs, variations, compared, answered, found } = findings;
  const exact = exactNodes(flow);
  const free = flow.nodes.filter(({ alias }) => !exact.has(alias)).map(({ alias }) => alias);
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
      inputs: inputs.length,
      inputs_completed: inputs.filter(({ first }) => first.result.status === 'completed').length,
      cases: variations.length,
      cases_failed: variations.filter(({ number }) => failsIn(inputs, number)).length,
      executions: inputs.length * (variations.length + 1),
      invocations_compared: compared,
      invocations_answered: answered,
    },
    inputs: inputs.map(({ payload, first: { result } }, index) => ({
      id: `input-${index + 1}`,
      payload: valueToJson(payload),
      end: [result.status, result.diagnostics[0]?.code].filter(Boolean).join(' '),
      effects: 0,
    })),
    cases: variations.map((variation) => {
      const failing = inputs.flatMap(({ differences }) => differences.get(variation.number) ?? []);
      return {
        number: variation.number,
        inputs: inputs.map((_, index) => `input-${index + 1}`),
        faults: [variationText(variation)],
        verdict: failing.length === 0 ? ('passed' as const) : ('failed' as const),
        codes: [...new Set(failing.map(({ kind }) => (kind === 'value' ? 'CERT010' : 'CERT011')))],
      };
    }),
    notes: [
      options.payloads === undefined
        ? 'The inputs were made from the schema of the trigger.'
        : 'The inputs were given.',
      ...(free.length > 0
        ? [`Nodes that promise nothing, and were answered: ${free.join(', ')}.`]
        : []),
    ],
    scope: SCOPE,
    ...(found === undefined ? {} : { failure: failureOf(found) }),
  };
}

function failsIn(inputs: readonly VariedInput[], number: number): boolean {
  return inputs.some(({ differences }) => differences.has(number));
}

function findingOf({ difference, variation }: FoundDifference): Diagnostic {
  const { kind, node, expected, got } = difference;
  const values = { expected: valueText(expected), got: valueText(got) };
  const when = variationText(variation);
  if (kind === 'value') return diagnostic.CERT010({ node, ...values, when });
  const receiver = node === '' ? 'the caller of the flow' : `node ${node}`;
  return diagnostic.CERT011({ receiver, ...values, when });
}

function failureOf(found: FoundDifference): EvidenceFailure {
  const { payload, variation, difference, tried } = found;
  const { code, message } = findingOf(found);
  const { node, invocation, input, pointer, expected, got } = difference;
  const place = node === '' ? 'the result' : `invocation ${invocation} of ${node}`;
  const at = pointer === '' ? '' : `; the first value that differs is at ${pointer}`;
  const given = input === undefined ? 'compared' : `was given ${valueText(input)}`;
  return {
    code,
    message,
    fix: explainCode(code)?.fix ?? '',
    node,
    also: [],
    case_number: variation.number,
    reduced_by: tried,
    faults: [variationText(variation)],
    inputs: [{ id: 'input-1', payload: valueToJson(payload) }],
    timeline: [
      { ms: 0, what: 'job', job: place, text: `${given}${at}` },
      { ms: 0, what: 'commit', job: place, text: `first: ${valueText(expected)}` },
      {
        ms: 0,
        what: 'injection',
        job: place,
        text: `${variationText(variation)}: ${valueText(got)}`,
      },
    ],
    ledger: [],
    commands: [],
  };
}
