// flows certify, as a user types it: certificates, failures that can be seen again, and wrong words.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codesOf, documentOf, runFlows, withFolder } from './testing/run-flows.js';

const CHARGE = `
import { defineFlow, t } from '@basalt/flow-dsl';

const Order = t.Object({ id: t.String({ minLength: 1 }), amount: t.Integer({ minimum: 1 }) });

export const chargeCard = defineFlow('charge_card', { version: '1.0.0', profile: 'dev' }, (f) => {
  const order = f.trigger('order', { output: Order });
  const charge = f.activity('charge', {
    uses: ['resource::http::write'],
    effects: 'effectful',
    determinism: 'best_effort',
    egress: ['pay.example.com'],
    idempotency: { key: '/id', scope: 'node', ttlMs: 86_400_000 },
    input: Order,
    output: t.Object({ id: t.String() }),
    run: async ({ id, amount }, { capabilities }) => {
      const body = new TextEncoder().encode(String(amount));
      const request = { method: 'POST', url: 'https://pay.example.com/charges', body };
      await capabilities.httpWrite.send(request);
      return { id };
    },
  });
  f.connect(order, charge);
  f.capture(order, charge);
});
`;

const CLOCK = `
import { defineFlow, t } from '@basalt/flow-dsl';

const tools = new Map([['now', Date.now]]);
const Order = t.Object({ id: t.String() });

export const stamped = defineFlow('stamped', { version: '1.0.0', profile: 'dev' }, (f) => {
  const order = f.trigger('order', { output: Order });
  const stamp = f.inline('stamp', {
    effects: 'pure',
    determinism: 'strict',
    input: Order,
    output: t.Object({ at: t.Number() }),
    run: () => ({ at: tools.get('now')!() }),
  });
  f.connect(order, stamp);
  f.capture(order, stamp);
});
`;

test('a shipped flow is certified, with its evidence', async () => {
  await withFolder(async (cwd) => {
    const outcome = await runFlows(['certify', 'idem', 's1_echo', '--cases', '3'], { cwd });
    expect([outcome.status, outcome.stderr]).toEqual([0, 'Evidence: evidence/evidence.html\n']);
    expect(outcome.stdout).toContain('s1_echo: certified\n3 cases with ');
    expect((await readdir(join(cwd, 'evidence'))).sort()).toEqual([
      'evidence.html',
      'evidence.json',
      'inputs.ndjson',
    ]);
  });
});

test('a flow that charges twice is caught, and shown again by the command that is printed', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'charge.ts'), CHARGE);
    const outcome = await runFlows(['certify', 'idem', 'charge.ts', '--cases', '1'], { cwd });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toMatch(/^charge_card: failed, in 1 of 1 case\n/);
    expect(outcome.stdout).toContain('CERT001: Node charge did');
    const again = 'flows certify idem charge.ts --case evidence/case.json';
    expect(outcome.stdout).toContain(`See it again\n  ${again}\n`);
    const shown = await runFlows([...again.split(' ').slice(1), '--json'], { cwd });
    expect(shown.status).toBe(1);
    const { verdict, failure } = documentOf(shown) as {
      verdict: string;
      failure: { code: string; inputs: unknown; commands: unknown };
    };
    expect([verdict, failure.code, failure.inputs, failure.commands]).toEqual([
      'failed',
      'CERT001',
      [{ id: 'input-1', payload: { id: 'a', amount: 1 } }],
      [again],
    ]);
  });
});

test('a clock that a module keeps is found, also in a recorded run', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'clock.ts'), CLOCK);
    const outcome = await runFlows(['certify', 'determinism', 'clock.ts'], { cwd });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain('CERT010: Node stamp gave {"at":');
    const words = ['--journal', 'kept', '--run-id', 'run-1', '--payload', '{"id":"a"}'];
    expect((await runFlows(['run', 'local', 'clock.ts', ...words], { cwd })).status).toBe(0);
    const recorded = ['certify', 'determinism', 'run-1', '--journal', 'kept', '--json'];
    const run = await runFlows(recorded, { cwd });
    expect([run.status, documentOf(run)['failure']]).toMatchObject([
      1,
      {
        code: 'CERT010',
        node: 'stamp',
        commands: [
          expect.stringMatching(/^flows certify determinism run-1 --journal kept --seed 1/),
        ],
      },
    ]);
    const good = await runFlows(['certify', 'determinism', 's3_branching', '--json'], { cwd });
    expect([good.status, documentOf(good)['verdict']]).toEqual([0, 'certified']);
  });
});

test('payloads and a world of files', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'world.json'), JSON.stringify({ kv: { greeting: 'hello' } }));
    await writeFile(join(cwd, 'payloads.ndjson'), '{"key":"greeting"}\n');
    const words = ['--payloads', 'payloads.ndjson', '--world', 'world.json', '--json'];
    const given = await runFlows(['certify', 'determinism', 's4_preflight', ...words], { cwd });
    expect(given.stderr).toBe('');
    expect(documentOf(given)).toMatchObject({
      verdict: 'certified',
      inputs: [{ id: 'input-1', payload: { key: 'greeting' }, end: 'completed' }],
    });
    expect(await readFile(join(cwd, 'evidence', 'inputs.ndjson'), 'utf8')).toBe(
      '{"key":"greeting"}\n',
    );
  });
});

test.each([
  ['--cases', '0'],
  ['--cases', '1.5'],
  ['--only', '-1'],
  ['--seed', 'x'],
  ['--backend', 'restate'],
  ['--url', 'redis://127.0.0.1:1'],
  ['--case', 'c.json', '--only', '2'],
  ['--as-worker'],
])('wrong words: %s %s', async (...words) => {
  await withFolder(async (cwd) => {
    const outcome = await runFlows(['certify', 'idem', 's1_echo', ...words], { cwd });
    expect([outcome.status, outcome.stdout, await readdir(cwd)]).toEqual([2, '', []]);
  });
});

test('files that are not what they should be, and folders that are in use', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'bad.json'), '{');
    await mkdir(join(cwd, 'mine'));
    await writeFile(join(cwd, 'mine', 'notes.txt'), 'x');
    const codes = [];
    for (const words of [
      ['--payloads', 'bad.json'],
      ['--world', 'bad.json'],
      ['--case', 'bad.json'],
      ['--case', 'none.json'],
    ]) {
      const outcome = await runFlows(['certify', 'idem', 's1_echo', '--json', ...words], { cwd });
      codes.push([outcome.status, ...codesOf(outcome)]);
    }
    const words = ['determinism', 's1_echo', '--out', 'mine', '--json'];
    const used = await runFlows(['certify', ...words], { cwd });
    codes.push([used.status, ...codesOf(used)]);
    expect(codes).toEqual([
      [1, 'CERT101'],
      [1, 'CERT105'],
      [1, 'CERT107'],
      [1, 'CLI007'],
      [1, 'CERT104'],
    ]);
    expect(await readdir(join(cwd, 'mine'))).toEqual(['notes.txt']);
  });
});
