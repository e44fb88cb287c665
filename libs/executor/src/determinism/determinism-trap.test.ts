import { promisify } from 'node:util';
import type { DiagnosticError } from '@basalt/diagnostics';
import { installTrap, releaseTrap, runTrapped, runUntrapped } from './determinism-trap.js';

/** "code: message" of what `fn` throws in a handler of node n1; its result where it does not. */
function inHandler(fn: () => unknown): unknown {
  try {
    return runTrapped('n1', fn);
  } catch (error) {
    const { code, message } = (error as DiagnosticError).diagnostic;
    return `${code}: ${message}`;
  }
}

const refused = (api: string, replacement: string) =>
  `RUN310: Node n1 uses ${api} in a deterministic execution; ${replacement} gives the same in every execution.`;

const sleep = (ms: number) => promisify(setTimeout)(ms);

/** Every property that the trap touches, as it is now. */
function platform() {
  const owners: [object, string][] = [
    [globalThis, 'Date'],
    [Date, 'now'],
    [Math, 'random'],
    [performance, 'now'],
    [crypto, 'randomUUID'],
    [crypto, 'getRandomValues'],
    [process, 'hrtime'],
    [process.hrtime, 'bigint'],
    [globalThis, 'setTimeout'],
    [globalThis, 'setInterval'],
    [globalThis, 'setImmediate'],
  ];
  return owners.map(([owner, key]) => Object.getOwnPropertyDescriptor(owner, key));
}

const untouched = platform();

describe('the trap', () => {
  describe('while it is installed', () => {
    beforeEach(installTrap);
    afterEach(releaseTrap);

    it.each<[string, () => unknown, string]>([
      ['Date.now()', () => Date.now(), 'ctx.clock.now()'],
      ['new Date()', () => new Date(), 'new Date(ctx.clock.now())'],
      ['Date()', () => Date(), 'new Date(ctx.clock.now())'],
      ['Math.random()', () => Math.random(), 'ctx.random.next()'],
      ['performance.now()', () => performance.now(), 'ctx.clock.now()'],
      ['crypto.randomUUID()', () => crypto.randomUUID(), 'ctx.random.uuid()'],
      [
        'crypto.getRandomValues()',
        () => crypto.getRandomValues(new Uint8Array(1)),
        'ctx.random.bytes(length)',
      ],
      ['process.hrtime()', () => process.hrtime(), 'ctx.clock.now()'],
      ['process.hrtime.bigint()', () => process.hrtime.bigint(), 'ctx.clock.now()'],
      ['setTimeout()', () => setTimeout(() => undefined, 1), 'ctx.clock.sleep(ms)'],
      ['setInterval()', () => setInterval(() => undefined, 1), 'ctx.clock.sleep(ms)'],
      ['setImmediate()', () => setImmediate(() => undefined), 'ctx.clock.sleep(0)'],
    ])('refuses %s in a handler', (api, call, replacement) => {
      expect(inHandler(call)).toBe(refused(api, replacement));
    });

    it('lets pure uses of Date through', () => {
      expect(inHandler(() => new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');
      expect(inHandler(() => new Date(2020, 0) instanceof Date)).toBe(true);
      expect(inHandler(() => Date.UTC(1970, 0, 2))).toBe(86_400_000);
      class Day extends Date {}
      expect(inHandler(() => new Day(5) instanceof Day)).toBe(true);
      expect(inHandler(() => new Day())).toBe(refused('new Date()', 'new Date(ctx.clock.now())'));
    });

    it('does not disturb code outside handlers', async () => {
      expect(new Date() instanceof Date).toBe(true);
      expect(typeof Date()).toBe('string');
      expect(Date.now()).toBeGreaterThan(1.6e12);
      expect(Math.random()).toBeLessThan(1);
      expect(crypto.getRandomValues(new Uint8Array(2)).length).toBe(2);
      expect(process.hrtime().length).toBe(2);
      await new Promise<void>((resolve) => setImmediate(resolve));
      await sleep(1);
    });

    it('follows a handler through what it awaits and starts', async () => {
      const found = runTrapped('n1', async () => {
        await null;
        return await Promise.all([1, 2].map(async () => inHandler(() => Math.random())));
      });
      const expected = refused('Math.random()', 'ctx.random.next()');
      expect(await found).toEqual([expected, expected]);
    });

    it('names the inner node when handlers nest, and the outer one after that', () => {
      const seen: unknown[] = [];
      const probe = () => {
        try {
          Math.random();
        } catch (error) {
          seen.push((error as DiagnosticError).diagnostic.message.slice(0, 10));
        }
      };
      runTrapped('n1', () => {
        runTrapped('n2', probe);
        probe();
      });
      expect(seen).toEqual(['Node n2 us', 'Node n1 us']);
    });

    it('spares what the executor does on behalf of a handler', async () => {
      const waited = runTrapped('n1', () => runUntrapped(() => sleep(1).then(() => 'slept')));
      expect(await waited).toBe('slept');
    });

    it('tells apart two executions whose steps alternate', async () => {
      const log: string[] = [];
      const steps = async (name: string) => {
        for (let i = 0; i < 3; i += 1) {
          await null;
          try {
            Math.random();
            log.push(`${name} free`);
          } catch {
            log.push(`${name} refused`);
          }
        }
      };
      await Promise.all([runTrapped('n1', () => steps('deterministic')), steps('normal')]);
      expect(log).toEqual([
        'deterministic refused',
        'normal free',
        'deterministic refused',
        'normal free',
        'deterministic refused',
        'normal free',
      ]);
    });
  });

  it('is counted: the platform is as before after the last release, not earlier', () => {
    installTrap();
    installTrap();
    releaseTrap();
    expect(inHandler(() => Math.random())).toBe(refused('Math.random()', 'ctx.random.next()'));
    releaseTrap();
    expect(platform()).toEqual(untouched);
    expect(typeof inHandler(() => Math.random())).toBe('number');
  });

  it('cannot be released without having been installed', () => {
    expect(() => releaseTrap()).toThrow('releaseTrap: called more often than installTrap');
    installTrap();
    releaseTrap();
    expect(platform()).toEqual(untouched);
  });

  it('leaves alone what somebody else has put in place meanwhile', () => {
    const real = Math.random;
    installTrap();
    const theirs = () => 0.25;
    Math.random = theirs;
    releaseTrap();
    expect(Math.random).toBe(theirs);
    Math.random = real;
    expect(platform()).toEqual(untouched);
  });

  it('undoes everything when the platform does not let itself be changed', () => {
    const before = Object.getOwnPropertyDescriptor(process, 'hrtime')!;
    const frozen = Object.freeze(() => [0, 0]);
    process.hrtime = frozen as unknown as typeof process.hrtime;
    expect(() => installTrap()).toThrow(TypeError);
    Object.defineProperty(process, 'hrtime', before);
    expect(platform()).toEqual(untouched);
    expect(() => releaseTrap()).toThrow('more often');
  });
});
