import { DiagnosticError } from '@basalt/diagnostics';
import type { CapabilityName, CapabilitySet } from './capability-set.js';
import { systemClock } from './clock/system-clock.js';
import { BINDABLE_HINTS, capabilitiesOfHint } from './capability-hints.js';
import { gateCapabilities } from './gate-capabilities.js';
import { memoryKv } from './memory/memory-kv.js';

/** What the executor uses for nodes, and nodes do not. */
const TIERS: readonly CapabilityName[] = ['cacheDisk', 'cacheRedis'];
const ALL: readonly CapabilityName[] = [
  ...new Set(BINDABLE_HINTS.flatMap((row) => row.capabilities)),
].filter((name) => !TIERS.includes(name));

function messageOf(read: () => unknown): string {
  try {
    read();
    return 'no error';
  } catch (error) {
    return error instanceof DiagnosticError ? error.message : String(error);
  }
}

describe('gateCapabilities', () => {
  const set: CapabilitySet = { kv: memoryKv(), clock: systemClock() };

  it('shows what is allowed, hides what is not bound, refuses what is not declared', () => {
    const gated = gateCapabilities(set, new Set<CapabilityName>(['kv']), 'load');
    expect(gated.kv).toBe(set.kv);
    expect(gated.blob).toBeUndefined();
    expect(messageOf(() => gated.clock)).toBe(
      'CAP102: Node load uses clock, but none of its hints grants it (resource::clock).',
    );
  });

  it('gates every capability there is', () => {
    const everything = Object.fromEntries(ALL.map((name) => [name, {}])) as CapabilitySet;
    const nothing = gateCapabilities(everything, new Set(), 'n');
    const open = gateCapabilities(everything, new Set(ALL), 'n');
    expect(ALL.map((name) => messageOf(() => nothing[name]).slice(0, 6))).toEqual(
      ALL.map(() => 'CAP102'),
    );
    expect(ALL.map((name) => open[name])).toEqual(ALL.map((name) => everything[name]));
  });

  it('never shows where cached results are kept', () => {
    const stores = Object.fromEntries(TIERS.map((name) => [name, {}])) as CapabilitySet;
    const gated = gateCapabilities(stores, new Set(TIERS), 'n');
    expect(TIERS.map((name) => gated[name])).toEqual([undefined, undefined]);
  });

  it('cannot be widened by the node', () => {
    const gated = gateCapabilities(set, new Set(), 'n') as { kv: unknown };
    expect(() => Object.assign(gated, { kv: set.kv })).toThrow(TypeError);
    expect({ ...gated }).toEqual({});
  });
});

describe('capabilitiesOfHint', () => {
  it.each([
    ['resource::kv', ['kv']],
    ['resource::http', ['httpRead', 'httpWrite']],
    ['resource::http::read', ['httpRead']],
    ['resource::blob::write::archive', ['blob']],
    ['resource::kvs', []],
    ['resource', []],
    ['', []],
    ['kv', []],
    [`resource::${'x::'.repeat(100_000)}`, []],
  ])('%.40s', (hint, capabilities) => {
    expect(capabilitiesOfHint(hint)).toEqual(capabilities);
  });
});
