// Stands at every point of a case: counts it, writes the course down, and does what is to be done there.
import { setTimeout as delay } from 'node:timers/promises';
import {
  injectionText,
  type CasePoint,
  type CertifyCase,
  type Injection,
} from '../cases/certify-case.js';
import type { CommitPoint } from '../worker/worker-messages.js';
import type { WorldCall } from '../world/effect-call.js';
import { effectKind } from '../world/effect-kind.js';
import type { EffectWorld } from '../world/effect-world.js';
import type { TimelineEntry } from './case-record.js';
import { jobOfRun } from './job-of-run.js';

/** What a watch does to the worker that stands at a point, and to its connections. */
export interface Faults {
  /** Kills the worker; another one is started in its place. */
  kill(): Promise<void>;
  /** Stops the worker until another one has the job. */
  freeze(job: string): Promise<void>;
  cut(loses: 'request' | 'answer'): void;
  partition(): void;
}

/** dead: nobody is left to answer. lost: the caller is told that the answer is lost. */
export type Passage = 'go' | 'lost' | 'dead';

type Place = Omit<CasePoint, 'phase' | 'nth'>;

export class CaseWatch {
  readonly points: CasePoint[] = [];
  readonly injected: Injection[] = [];
  readonly timeline: TimelineEntry[] = [];
  readonly world: EffectWorld;
  readonly #open: Injection[];
  readonly #counts = new Map<string, number>();
  readonly #commits = new Map<string, readonly CasePoint[]>();
  readonly #began = performance.now();

  constructor({ injections }: CertifyCase, world: EffectWorld) {
    this.world = world;
    this.#open = injections.filter((injection) => 'point' in injection);
    this.injected = injections.filter((injection) => !('point' in injection));
  }

  note(what: TimelineEntry['what'], job: string, text: string): void {
    const ms = Math.round((performance.now() - this.#began) * 10) / 10;
    this.timeline.push({ ms, what, job, text });
  }

  /** Carries a call out, with what is to be done before and after. Undefined where its worker is dead. */
  async call(
    call: WorldCall,
    faults: Faults,
  ): Promise<{ readonly value?: unknown; readonly error?: string } | undefined> {
    const { capability, operation, args, origin } = call;
    const isEffect = origin !== undefined && effectKind(capability, operation, args) !== undefined;
    if (!isEffect) return this.#carryOut(call);
    const node = origin.compensation ? `undo ${origin.node}` : origin.node;
    const point = this.#count({ job: jobOfRun(origin.run), at: 'effect', node, record: '' });
    if ((await this.#pass([point], faults)) === 'dead') return undefined;
    const answer = this.#carryOut(call);
    const passage = await this.#pass([{ ...point, phase: 'after' }], faults);
    if (passage === 'dead') return undefined;
    return passage === 'lost' ? { error: 'the answer to the call was lost' } : answer;
  }

  #carryOut(call: WorldCall): { readonly value?: unknown; readonly error?: string } {
    try {
      const { effect, answer } = this.world.apply(call);
      if (effect !== undefined) {
        const { job, node, capability, operation, target, acted, late, compensation } = effect;
        const who = compensation ? `undo ${node}` : node;
        const how = `${acted ? '' : ' (known, nothing done)'}${late ? ' (after its end)' : ''}`;
        this.note('effect', job, `${who}: ${capability}.${operation} ${target}${how}`);
      }
      return { value: answer };
    } catch (error) {
      return { error: (error as Error).message };
    }
  }

  /** Records are written. */
  async commit({ run, phase, records }: CommitPoint, faults: Faults): Promise<Passage> {
    const job = jobOfRun(run);
    if (phase === 'before') {
      const places = records.map(({ kind, alias }): CasePoint =>
        this.#count({ job, at: 'commit', node: alias, record: kind }),
      );
      this.#commits.set(run, places);
      const names = records.map(({ kind, alias }) => (alias === '' ? kind : `${kind} of ${alias}`));
      this.note('commit', job, names.join(', '));
      return this.#pass(places, faults);
    }
    const places = this.#commits.get(run) ?? [];
    this.#commits.delete(run);
    return this.#pass(
      places.map((place) => ({ ...place, phase: 'after' })),
      faults,
    );
  }

  #count(place: Place): CasePoint {
    const name = `${place.at} ${place.record} ${place.node} ${place.job}`;
    const nth = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, nth);
    const point: CasePoint = { ...place, nth, phase: 'before' };
    this.points.push(point);
    return point;
  }

  async #pass(points: readonly CasePoint[], faults: Faults): Promise<Passage> {
    let passage: Passage = 'go';
    for (const injection of this.#take(points)) {
      this.injected.push(injection);
      const { job } = (injection as { point: CasePoint }).point;
      this.note('injection', job, injectionText(injection));
      switch (injection.kind) {
        case 'delay':
          await delay(injection.ms);
          break;
        case 'crash':
          await faults.kill();
          return 'dead';
        case 'freeze':
          await faults.freeze(job);
          break;
        case 'lost_answer':
          passage = 'lost';
          break;
        case 'cut':
          faults.cut(injection.loses);
          break;
        case 'partition':
          faults.partition();
          break;
        default:
          break;
      }
    }
    return passage;
  }

  /** What is to be done at these points; each once. */
  #take(points: readonly CasePoint[]): readonly Injection[] {
    const due = this.#open.filter(
      (injection) => 'point' in injection && points.some((p) => isSame(p, injection.point)),
    );
    for (const injection of due) this.#open.splice(this.#open.indexOf(injection), 1);
    return due;
  }
}

function isSame(a: CasePoint, b: CasePoint): boolean {
  return (
    a.job === b.job &&
    a.at === b.at &&
    a.node === b.node &&
    a.record === b.record &&
    a.nth === b.nth &&
    a.phase === b.phase
  );
}
