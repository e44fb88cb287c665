// One case of a certification: what is sent, and what is done to those who execute it, at which point.
import type { Value } from '@basalt/ir';

/** A job whose effects and result are known from an execution without faults. */
export interface CaseInput {
  /** Of the job and of its run. */
  readonly id: string;
  readonly payload: Value;
}

/** An instant in the execution of a job, named by what happens there and not by a time. */
export interface CasePoint {
  readonly job: string;
  /** effect: a call that changes the world. commit: records that are written to the journal. */
  readonly at: 'effect' | 'commit';
  /** Alias of the node, with "undo " before it for its compensation; empty for the end of a run. */
  readonly node: string;
  /** Kind of the record; empty for an effect. */
  readonly record: string;
  /** Counts the calls or records of this kind, node and job, from 1. */
  readonly nth: number;
  readonly phase: 'before' | 'after';
}

export type Injection =
  /** The same job is enqueued again. at_once: with the first. after: once all has ended. */
  | { readonly kind: 'same_job'; readonly input: string; readonly when: 'at_once' | 'after' }
  /** The same payload comes under another job id, as an event that is delivered twice. */
  | { readonly kind: 'same_event'; readonly input: string; readonly when: 'at_once' | 'after' }
  /** The event that a run waits for is given twice. */
  | { readonly kind: 'event_twice'; readonly input: string }
  /** The jobs come in this order, one after the other. */
  | { readonly kind: 'reorder'; readonly order: readonly string[] }
  /** What happens at the point takes this long. */
  | { readonly kind: 'delay'; readonly point: CasePoint; readonly ms: number }
  /** The worker is killed. */
  | { readonly kind: 'crash'; readonly point: CasePoint }
  /** The worker stands still until its lease is over and another one is given the job, then goes on. */
  | { readonly kind: 'freeze'; readonly point: CasePoint }
  /** The call is carried out, and its answer is lost; the node tries again. */
  | { readonly kind: 'lost_answer'; readonly point: CasePoint }
  /** The connection to Redis breaks: the next request is lost, or the answer to it. */
  | { readonly kind: 'cut'; readonly point: CasePoint; readonly loses: 'request' | 'answer' }
  /** All connections to Redis break, and none is made for a while. */
  | { readonly kind: 'partition'; readonly point: CasePoint };

export type InjectionKind = Injection['kind'];

/** All kinds, in the order of reports. */
export const INJECTION_KINDS = [
  'same_job',
  'same_event',
  'event_twice',
  'reorder',
  'delay',
  'crash',
  'freeze',
  'lost_answer',
  'cut',
  'partition',
] as const satisfies readonly InjectionKind[];

export interface CertifyCase {
  readonly inputs: readonly CaseInput[];
  readonly injections: readonly Injection[];
}

/** The id under which an input comes as another event. */
export function againId(input: string): string {
  return `${input}-again`;
}

/** The input that a job executes. */
export function inputOfJob(job: string): string {
  return job.replace(/-again$/, '');
}

/** The inputs that an injection is about. */
export function inputsOf(injection: Injection): readonly string[] {
  if ('input' in injection) return [injection.input];
  return 'point' in injection ? [inputOfJob(injection.point.job)] : injection.order;
}

/** What is enqueued, in batches: each when all of the one before has ended. Where the order is a subject,
 * inputs come one after the other, so that it is kept. */
export function batchesOf({ inputs, injections }: CertifyCase): readonly (readonly CaseInput[])[] {
  const reorder = injections.find(({ kind }) => kind === 'reorder');
  const order = reorder?.kind === 'reorder' ? reorder.order : inputs.map(({ id }) => id);
  const first: CaseInput[][] = [];
  const after: CaseInput[] = [];
  for (const id of order) {
    const input = inputs.find((one) => one.id === id);
    if (input === undefined) continue;
    const together = [input];
    for (const injection of injections) {
      if (injection.kind !== 'same_job' && injection.kind !== 'same_event') continue;
      if (injection.input !== id) continue;
      const again = injection.kind === 'same_job' ? input : { ...input, id: againId(id) };
      (injection.when === 'at_once' ? together : after).push(again);
    }
    first.push(together);
  }
  const batches = reorder === undefined ? [first.flat()] : first;
  return after.length === 0 ? batches : [...batches, after];
}

/** The point in words. */
export function pointText({ job, at, node, record, nth, phase }: CasePoint): string {
  const written = node === '' ? 'end of the run' : `${record} of ${node}`;
  const what = at === 'effect' ? `call ${nth} of ${node}` : `commit ${nth} of the ${written}`;
  return `${phase} ${what} in ${job}`;
}

/** The injection in words. */
export function injectionText(injection: Injection): string {
  switch (injection.kind) {
    case 'same_job':
      return `${injection.input} is enqueued again under the same id${whenText(injection.when)}`;
    case 'same_event':
      return `the event of ${injection.input} comes again as ${againId(injection.input)}${whenText(injection.when)}`;
    case 'event_twice':
      return `the event that ${injection.input} waits for is given twice`;
    case 'reorder':
      return `the jobs come one after the other, in the order ${injection.order.join(', ')}`;
    case 'delay':
      return `${injection.ms} ms pass ${pointText(injection.point)}`;
    case 'crash':
      return `the worker is killed ${pointText(injection.point)}`;
    case 'freeze':
      return `the worker stands still ${pointText(injection.point)} until its lease is over`;
    case 'lost_answer':
      return `the answer is lost ${pointText(injection.point)}`;
    case 'cut':
      return `the connection breaks and loses the next ${injection.loses} ${pointText(injection.point)}`;
    case 'partition':
      return `Redis cannot be reached for a while from ${pointText(injection.point)}`;
    default:
      return injection satisfies never;
  }
}

function whenText(when: 'at_once' | 'after'): string {
  return when === 'at_once' ? ' at once' : ' after its end';
}
