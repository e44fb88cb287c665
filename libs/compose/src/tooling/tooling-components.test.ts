import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Value } from '@basalt/ir';
import { DEMO_IMPLEMENTATIONS } from '../demo/demo-implementations.js';
import { closedHost } from '../host/compose-host.js';
import type { LogEntry } from '../host/log-entry.js';
import type { Component } from '../run/component.js';
import type { ComposeRunOptions } from '../run/compose-run.js';
import { standardRegistry } from '../run/standard-registry.js';
import type { State } from '../run/state.js';
import { withGrantedFolder } from '../testing/run-contract.js';
import { failureOf, runText } from '../testing/run-text.js';

function registryWith(...components: readonly Component[]) {
  const registry = standardRegistry();
  for (const component of [...DEMO_IMPLEMENTATIONS, ...components]) registry.register(component);
  return registry;
}

function run(text: string, state?: State, options: Partial<ComposeRunOptions> = {}) {
  return runText(text, state, { registry: registryWith(), ...options });
}

async function logOf(text: string, options: Partial<ComposeRunOptions> = {}) {
  const entries: LogEntry[] = [];
  const host = { ...closedHost(), log: (entry: LogEntry) => entries.push(entry) };
  await run(text, {}, { host, ...options });
  return entries.map(({ timestamp, ...rest }) => {
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
    return rest;
  });
}

describe('the checker', () => {
  const check = async (more: string, options?: Partial<ComposeRunOptions>) =>
    (
      await run(
        `compose: [{call: lcod://tooling/test_checker@1, in: {${more}}, out: {report: $}}]`,
        { outer: 1 },
        options,
      )
    )['report'] as State;
  const add =
    '[{call: lcod://impl/set@1, in: {a: $.n, l: [1, {x: 1, y: 2}]}, out: {a: "=", l: "="}}]';

  test('reports what is as expected, in an execution of its own', async () => {
    expect(await check(`compose: ${add}, input: {n: 5}, expected: {a: 5, l: [1, {x: 1}]}`)).toEqual(
      {
        success: true,
        actual: { n: 5, a: 5, l: [1, { x: 1, y: 2 }] },
        expected: { a: 5, l: [1, { x: 1 }] },
        durationMs: expect.any(Number),
        messages: [],
        diffs: [],
      },
    );
  });

  test('reports each difference by its path, or the first one', async () => {
    const wrong = `compose: ${add}, input: {n: 5}, expected: {a: 6, l: [1, {x: 2}], z: 1}`;
    const diffs = [
      { path: '$.a', actual: 5, expected: 6 },
      { path: '$.l.1.x', actual: 1, expected: 2 },
      { path: '$.z', actual: null, expected: 1 },
    ];
    expect(await check(wrong)).toMatchObject({ success: false, diffs });
    expect(await check(`${wrong}, failFast: true`)).toMatchObject({ diffs: diffs.slice(0, 1) });
    const longer = await check(`compose: ${add}, expected: {l: [1]}`);
    expect(longer).toMatchObject({ diffs: [{ path: '$.l', expected: [1] }] });
  });

  test('a compose that fails has its error as its state', async () => {
    const fail = 'compose: [{call: lcod://impl/fail@1, in: {code: e1, message: m}}]';
    expect(await check(`${fail}, expected: {error: {code: e1}}`)).toMatchObject({ success: true });
    expect(await check(`${fail}, expected: {a: 1}`)).toMatchObject({
      success: false,
      messages: ['m', '$.a is not what is expected.'],
    });
  });

  test('injects streams and bindings', async () => {
    const text = `
      compose: [
        {call: lcod://contract/core/stream/read@1, in: {stream: $.s.in, maxBytes: 2}, out: {chunk: chunk}},
        {call: lcod://contract/shop/pay@1, in: {value: 3}, out: {paid: val}}],
      streams: [{target: s.in, encoding: hex, chunks: ["6162", "63"]}],
      bindings: [{contract: lcod://contract/shop/pay@1, implementation: lcod://impl/echo@1}],
      expected: {chunk: "6162", paid: 3}`;
    expect(await check(text)).toMatchObject({ success: true });
  });

  test('reads a compose beside it', () =>
    withGrantedFolder(async (host, folder) => {
      await writeFile(join(folder, 'c.yaml'), `compose: ${add}`);
      const by = (path: string) =>
        check(`composeRef: {path: ${path}}, input: {n: 1}, expected: {a: 1}`, { host });
      expect(await by('c.yaml')).toMatchObject({ success: true });
      await writeFile(join(folder, 'bad.yaml'), 'compose: 3');
      await expect(by('bad.yaml')).rejects.toMatchObject({ code: 'COMP002' });
      await expect(by('/etc/passwd')).rejects.toMatchObject({ code: 'CAP111' });
    }));

  test.each([
    ['compose: []', 'COMP112'],
    ['expected: {}', 'COMP112'],
    ['compose: [3], expected: {}', 'COMP003'],
    ['compose: [], expected: {}, streams: [{encoding: hex, target: a, chunks: [x]}]', 'COMP112'],
  ])('{%s} is refused', async (more, code) => {
    await expect(check(more)).rejects.toMatchObject({ code });
  });
});

describe('the log', () => {
  test('entries have the tags around them', async () => {
    const text = `
compose:
  - call: lcod://tooling/log.context@1
    in: {tags: {request: r1, n: 1}}
    slots:
      - call: lcod://contract/tooling/log@1
        in: {level: warn, message: m, data: {a: 1}, tags: {n: 2}}
      - call: lcod://kernel/log@1
        in: {message: k}
  - call: lcod://contract/tooling/log@1
    in: {message: plain}
`;
    expect(await logOf(text)).toEqual([
      { level: 'warn', message: 'm', data: { a: 1 }, tags: { request: 'r1', n: 2 } },
      { level: 'info', message: 'k', tags: { request: 'r1', n: 1, component: 'kernel' } },
      { level: 'info', message: 'plain', tags: {} },
    ]);
  });

  test('the contract may be bound to something else', async () => {
    const seen: Value[] = [];
    const capture: Component = {
      id: 'lcod://test/capture@1',
      handler: (input) => {
        seen.push(input['message']!);
        return {};
      },
    };
    const registry = registryWith(capture).layer();
    registry.bind('lcod://contract/tooling/log@1', 'lcod://test/capture@1');
    const text = 'compose: [{call: lcod://kernel/log@1, in: {message: k}}]';
    expect(await logOf(text, { registry })).toEqual([]);
    expect(seen).toEqual(['k']);
  });

  test.each([
    '{message: 3}',
    '{level: loud, message: m}',
    '{message: m, tags: {a: [1]}}',
    '{message: m, extra: 1}',
  ])('%s is refused', async (input) => {
    const text = `compose: [{call: lcod://contract/tooling/log@1, in: ${input}}]`;
    expect(await failureOf(text, {}, { registry: registryWith() })).toMatchObject({
      code: 'COMP112',
    });
  });
});

describe('registry scopes', () => {
  test('bindings and components hold inside the slot alone', async () => {
    const text = `
compose:
  - call: lcod://tooling/registry/scope@1
    in:
      bindings: {"lcod://contract/shop/pay@1": "lcod://inner/pay@1"}
      components:
        - id: lcod://inner/pay@1
          inputs: [sum]
          outputs: {paid: {}}
          compose: [{call: lcod://impl/set@1, in: {p: "$.sum"}, out: {paid: p, other: p}}]
    slots:
      - call: lcod://contract/shop/pay@1
        in: {sum: 3}
        out: {receipt: $}
    out: {receipt: receipt}
  - call: lcod://flow/try@1
    slots:
      body: [{call: lcod://contract/shop/pay@1}]
      catch: [{call: lcod://impl/set@1, in: {c: $slot.error.code}, out: {after: c}}]
    out: {after: after}
`;
    expect(await run(text)).toEqual({ receipt: { paid: 3 }, after: 'COMP102' });
  });

  test.each(['{bindings: {a: 3}}', '{bindings: [{contract: a}]}', '{components: [{compose: []}]}'])(
    '%s is refused',
    async (input) => {
      const text = `compose: [{call: lcod://tooling/registry/scope@1, in: ${input}, slots: []}]`;
      expect(await failureOf(text, {}, { registry: registryWith() })).toMatchObject({
        code: 'COMP112',
      });
    },
  );

  test('what is wrong with an inline component is told', async () => {
    const text =
      'compose: [{call: lcod://tooling/registry/scope@1, in: {components: [{id: a, compose: [3]}]}, slots: []}]';
    expect(await failureOf(text, {}, { registry: registryWith() })).toMatchObject({
      code: 'COMP003',
    });
  });
});

describe('the demo implementations', () => {
  test.each<[string, State, Value]>([
    ['echo', { value: [1] }, { val: [1] }],
    ['is_even', { value: 4 }, { ok: true }],
    ['is_even', { value: 3n }, { ok: false }],
    ['gt', { value: 3, limit: 3 }, { ok: false }],
    ['delay', { ms: 1, value: 'v' }, { value: 'v' }],
  ])('%s of %j', async (name, input, expected) => {
    const text = `compose: [{call: lcod://impl/${name}@1, in: {"...": "="}, out: {r: $}}]`;
    expect((await run(text, input))['r']).toEqual(expected);
  });

  test('cleanup runs when its step has ended, and a cancelled delay ends', async () => {
    const text = `
compose:
  - call: lcod://impl/cleanup@1
    slots:
      body: [{call: lcod://impl/delay@1, in: {ms: 600000}}]
      cleanup: [{call: lcod://contract/tooling/log@1, in: {message: cleaned}}]
`;
    const entries: string[] = [];
    const host = { ...closedHost(), log: ({ message }: LogEntry) => entries.push(message) };
    const failure = failureOf(text, {}, { registry: registryWith(), timeoutMs: 20, host });
    expect(await failure).toMatchObject({ code: 'COMP109' });
    while (entries.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(entries).toEqual(['cleaned']);
  });
});
