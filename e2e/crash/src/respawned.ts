// A program that is started again after its death, as whoever supervises it would do.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningChild } from './running-child.js';

export type Role = 'worker' | 'producer' | 'host' | 'redis' | 'restate';

/** Something that can be killed and comes back. */
export interface Target {
  readonly role: Role;
  /** Resolves when it works. */
  readonly ready: Promise<void>;
  kill(): Promise<void>;
  again(): void | Promise<void>;
}

/** What is noted about processes. */
export interface Watch {
  fault(text: string): void;
  endedByItself(role: Role, status: number | undefined, said: string): void;
}

/** What a line of a program says. */
export interface Said {
  /** It has opened its stores and works. */
  readonly ready?: boolean;
  readonly fault?: string;
}

/** How a program is started, and what its lines say. */
export interface Program {
  readonly role: Role;
  start(onLine: (text: string) => void): RunningChild;
  read(text: string): Said;
  /** It ends where its server is not there, and is started again: as whoever supervises it would do. */
  readonly needsServer?: boolean;
}

const PAUSE_MS = 50;
/** A program that does not come up so often has another reason. */
const MOST_STARTS = 200;
const REMEMBERED_LINES = 12;

export class Respawned implements Target {
  readonly role: Role;
  readonly #program: Program;
  readonly #watch: Watch;
  #child: RunningChild;
  #ready = Promise.resolve();
  #isReady: () => void = () => undefined;
  #isUp = false;
  #isDoomed = false;
  #starts = 0;

  constructor(program: Program, watch: Watch) {
    this.role = program.role;
    this.#program = program;
    this.#watch = watch;
    this.#child = this.#launch();
  }

  /** It works, or is dead. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  async kill(): Promise<void> {
    this.#isDoomed = true;
    this.#isReady();
    await this.#child.kill();
  }

  /** Starts it again, once it is dead. */
  again(): void {
    this.#starts = 0;
    this.#child = this.#launch();
  }

  #launch(): RunningChild {
    if (this.#starts === 0) this.#ready = new Promise((resolve) => (this.#isReady = resolve));
    this.#starts += 1;
    this.#isDoomed = false;
    this.#isUp = false;
    const said: string[] = [];
    const child = this.#program.start((text) => {
      if (said.push(text) > REMEMBERED_LINES) said.shift();
      const { ready, fault } = this.#program.read(text);
      if (ready === true) this.#come();
      if (fault !== undefined) this.#watch.fault(fault);
    });
    void child.ended.then(() => this.#ended(child, said.join(' | ')));
    return child;
  }

  #come(): void {
    this.#isUp = true;
    this.#isReady();
  }

  async #ended(child: RunningChild, said: string): Promise<void> {
    if (this.#isDoomed) return;
    const mayTryAgain = this.#program.needsServer === true && this.#starts < MOST_STARTS;
    if (this.#isUp || !mayTryAgain) {
      this.#isReady();
      this.#watch.endedByItself(this.role, child.status, said);
      return;
    }
    this.#watch.fault(`a ${this.role} did not start: ${said}`);
    await delay(PAUSE_MS);
    if (!this.#isDoomed && child === this.#child) this.#child = this.#launch();
  }
}
