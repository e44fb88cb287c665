// A case as a file: what `case.json` of an evidence bundle holds, and --case reads.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { ExecPlan } from '@basalt/executor';
import { valueFromJson, valueToJson, type Json, type Value } from '@basalt/ir';
import { payloadProblem } from '../inputs/make-inputs.js';
import {
  INJECTION_KINDS,
  inputsOf,
  type CasePoint,
  type CaseInput,
  type CertifyCase,
  type Injection,
} from './certify-case.js';

const FORMAT = 'basalt-case';
const VERSION = 1;

/** The document. Payloads are in the JSON form of values. */
export function caseToJson({ inputs, injections }: CertifyCase, flow: string): object {
  return {
    format: FORMAT,
    version: VERSION,
    flow,
    inputs: inputs.map(({ id, payload }) => ({ id, payload: valueToJson(payload) })),
    injections,
  };
}

/** Reads a case. @throws DiagnosticError CERT107 for what is no case of this flow. */
export function parseCase(text: string, source: string, plan: ExecPlan): CertifyCase {
  const { name: flow } = plan.ir;
  const fail = (reason: string): never => {
    throw new DiagnosticError([diagnostic.CERT107({ source, flow, reason }, { file: source })]);
  };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return fail((error as Error).message);
  }
  if (!isRecord(given) || given['format'] !== FORMAT) return fail(`it has no format ${FORMAT}`);
  if (given['version'] !== VERSION) return fail(`it has no version ${VERSION}`);
  if (given['flow'] !== flow) return fail(`it is a case of ${String(given['flow'])}`);
  const { inputs, injections } = given;
  if (!Array.isArray(inputs) || inputs.length === 0) return fail('it has no inputs');
  if (!Array.isArray(injections)) return fail('injections is no list');
  const read = inputs.map((input, i): CaseInput => readInput(input, i, plan, fail));
  const ids = new Set(read.map(({ id }) => id));
  if (ids.size !== read.length) return fail('two inputs have one id');
  for (const [i, injection] of injections.entries()) {
    if (!isInjection(injection)) return fail(`injections/${i} is none`);
    const unknown = inputsOf(injection).find((id) => !ids.has(id));
    if (unknown !== undefined) return fail(`injections/${i} names ${unknown}, which is no input`);
  }
  return { inputs: read, injections: injections as Injection[] };
}

type Fail = (reason: string) => never;

function readInput(given: unknown, index: number, plan: ExecPlan, fail: Fail): CaseInput {
  const id = isRecord(given) ? given['id'] : undefined;
  if (!isRecord(given) || typeof id !== 'string' || !/^[\w.-]{1,64}$/.test(id)) {
    return fail(`inputs/${index} has no id of letters, digits, dots and dashes`);
  }
  let payload: Value;
  try {
    payload = valueFromJson(given['payload'] as Json);
  } catch (error) {
    return fail(`inputs/${index}: ${(error as Error).message}`);
  }
  const problem = payloadProblem(plan.triggers[0]!, payload);
  return problem === undefined ? { id, payload } : fail(`inputs/${index}: ${problem}`);
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function isInjection(given: unknown): given is Injection {
  if (!isRecord(given)) return false;
  const { kind, input, when, order, point, ms, loses } = given;
  if (!(INJECTION_KINDS as readonly unknown[]).includes(kind)) return false;
  switch (kind as Injection['kind']) {
    case 'same_job':
    case 'same_event':
      return typeof input === 'string' && (when === 'at_once' || when === 'after');
    case 'event_twice':
      return typeof input === 'string';
    case 'reorder':
      return Array.isArray(order) && order.every((id) => typeof id === 'string');
    case 'delay':
      return isPoint(point) && Number.isInteger(ms) && Number(ms) >= 0 && Number(ms) <= 10_000;
    case 'cut':
      return isPoint(point) && (loses === 'request' || loses === 'answer');
    default:
      return isPoint(point);
  }
}

function isPoint(given: unknown): given is CasePoint {
  if (!isRecord(given)) return false;
  const { job, at, node, record, nth, phase } = given;
  const texts = [job, node, record].every((text) => typeof text === 'string');
  const isPlace = at === 'effect' || at === 'commit';
  const isPhase = phase === 'before' || phase === 'after';
  return texts && isPlace && isPhase && Number.isInteger(nth) && Number(nth) >= 1;
}
