// The wall clock of the programs of a course, which may jump while they work.
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChildPrograms } from './child-programs.js';
import type { SeededChance } from './seeded-chance.js';

/** A jump goes so far at most, in milliseconds. */
export const FARTHEST_MS = 3_600_000;

export class CourseClock {
  readonly #file: string;
  /** Words for node. */
  readonly nodeOptions: readonly string[];
  #jumps = 0;

  private constructor(program: string) {
    this.#file = join(dirname(program), 'offset');
    this.nodeOptions = ['--import', program];
  }

  /** A clock that is right at first. `jumping-clock` is among the programs. */
  static async of(programs: ChildPrograms): Promise<CourseClock> {
    const clock = new CourseClock(programs.fileOf('jumping-clock'));
    await clock.set(0);
    return clock;
  }

  get jumps(): number {
    return this.#jumps;
  }

  /** From now on it is off by so many milliseconds, in every process. */
  async set(offsetMs: number): Promise<void> {
    await writeFile(`${this.#file}.new`, String(offsetMs));
    await rename(`${this.#file}.new`, this.#file);
  }

  /** Forward or backward, near or far. */
  async jump(chance: SeededChance): Promise<void> {
    const farthest = chance.pick([1_000, 60_000, FARTHEST_MS]);
    await this.set(chance.between(-farthest, farthest));
    this.#jumps += 1;
  }
}
