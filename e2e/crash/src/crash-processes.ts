// The processes that are killed: workers, a producer and, where there is one, the Redis server. Each is
// started again after its death.
import type { RedisServer } from '@basalt/test-servers';
import type { ChildPrograms, Line, RunningChild } from './child-programs.js';

export type Role = 'worker' | 'producer' | 'redis';

/** A child that is started again with the arguments of the moment. */
export class Respawned {
  readonly role: Role;
  #child: RunningChild;
  #ready: Promise<void>;
  #isDoomed = false;
  readonly #start: (onLine: (line: Line) => void) => RunningChild;
  readonly #watch: Watch;

  constructor(role: Role, start: (onLine: (line: Line) => void) => RunningChild, watch: Watch) {
    this.role = role;
    this.#start = start;
    this.#watch = watch;
    [this.#child, this.#ready] = this.#launch();
  }

  /** It has opened its stores. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  async kill(): Promise<void> {
    this.#isDoomed = true;
    await this.#child.kill();
  }

  /** Starts it again, once it is dead. */
  again(): void {
    [this.#child, this.#ready] = this.#launch();
  }

  #launch(): [RunningChild, Promise<void>] {
    let ready = () => undefined as void;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const child = this.#start((line) => {
      if (line['ready'] === true) ready();
      if (typeof line['fault'] === 'string') this.#watch.fault(line['fault']);
    });
    this.#isDoomed = false;
    void child.ended.then(() => {
      if (!this.#isDoomed) this.#watch.endedByItself(this.role, child.status);
    });
    return [child, Promise.race([isReady, child.ended])];
  }
}

/** What is noted about processes. */
export interface Watch {
  fault(text: string): void;
  endedByItself(role: Role, status: number | undefined): void;
}

/** Something that can be killed and comes back. */
export interface Target {
  readonly role: Role;
  /** Resolves when it works. */
  readonly ready: Promise<void>;
  kill(): Promise<void>;
  again(): void | Promise<void>;
}

/** The Redis server as one of the targets. */
export function redisTarget(redis: RedisServer): Target {
  return {
    role: 'redis',
    ready: Promise.resolve(),
    kill: () => redis.kill(),
    again: () => redis.start(),
  };
}

/** How many jobs are known to be in the queue. */
export interface Intake {
  readonly added: number;
  take(added: number): void;
}

/** The workers and the producer on a place. */
export function startTargets(
  programs: ChildPrograms,
  { place, ledgerPort, series, url, workers }: TargetOptions,
  watch: Watch,
  intake: Intake,
): { readonly workers: readonly Target[]; readonly producer: Target } {
  const work = () =>
    new Respawned(
      'worker',
      (onLine) => programs.start('crash-worker', [place, String(ledgerPort)], onLine),
      watch,
    );
  const producer = new Respawned(
    'producer',
    (onLine) =>
      programs.start(
        'crash-producer',
        [place, series, url, String(intake.added), String(Number.MAX_SAFE_INTEGER)],
        (line) => {
          if (typeof line['added'] === 'number') intake.take(line['added']);
          onLine(line);
        },
      ),
    watch,
  );
  return { workers: Array.from({ length: workers }, work), producer };
}

export interface TargetOptions {
  /** A CrashPlace as JSON. */
  readonly place: string;
  readonly ledgerPort: number;
  readonly series: string;
  readonly url: string;
  readonly workers: number;
}
