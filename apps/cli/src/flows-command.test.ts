import { DiagnosticError } from '@basalt/diagnostics';
import fc from 'fast-check';
import { EXIT } from './exit-code.js';
import { runFlowsCommand } from './flows-command.js';
import { reportFailure } from './report-failure.js';
import { fakeIo } from './testing/fake-io.js';
import { UsageError } from './usage-error.js';
import { TREE, commandPath } from './command-tree.js';

test('a command runs in-process, with its results on the given io', async () => {
  const { io, stdout, stderr } = fakeIo();
  const args = ['run', 'local', 's1_echo', '--payload', '{"text":" A "}', '--deterministic'];
  expect(await runFlowsCommand(args, io)).toBe(EXIT.done);
  expect(stdout()).toBe('{\n  "text": "a"\n}\n');
  expect(stderr()).toBe(
    '0.00 ms\n  trigger    1 x 0.00 ms\n  normalize  1 x 0.00 ms\n  respond    1 x 0.00 ms\n',
  );
});

test('it throws what it could not do', async () => {
  const { io } = fakeIo();
  await expect(runFlowsCommand(['graph'], io)).rejects.toEqual(
    new UsageError('Name a command of graph.', 'Try: flows graph --help'),
  );
  await expect(runFlowsCommand(['graph', 'check', 'gone.json'], io)).rejects.toThrow(
    DiagnosticError,
  );
});

test('an execution that is interrupted is cancelled', async () => {
  const { io, interrupt } = fakeIo();
  const running = runFlowsCommand(['run', 'local', 's2_site', '--stream'], io);
  setTimeout(() => interrupt.abort(new Error('enough')), 50);
  expect(await running).toBe(EXIT.cancelled);
});

test('random words never meet a fault of the program', async () => {
  const word = fc.oneof(
    fc.constantFrom(
      'graph',
      'check',
      'explain',
      'run',
      'local',
      '--json',
      '--',
      '-',
      '--burst',
      '-x',
    ),
    fc.string({ maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (argv) => {
      // What would start an execution or write files is not for random words.
      fc.pre(!argv.includes('local') && !argv.includes('init'));
      const { io, stdout, stderr } = fakeIo();
      const status = await runFlowsCommand(argv, io).catch((error: unknown) =>
        reportFailure(error, argv, io),
      );
      expect([EXIT.done, EXIT.failed, EXIT.usage]).toContain(status);
      expect(stdout() + stderr()).not.toContain('A fault of flows itself');
    }),
    { numRuns: 150 },
  );
});

test('the path of words through the tree', () => {
  expect(commandPath([])).toEqual({
    found: [],
    following: TREE.map((entry) => ('commands' in entry ? entry.name : entry.usage.split(' ')[0])),
    leaf: undefined,
  });
  expect(commandPath(['bindings', 'lock']).following).toEqual(['generate']);
  const { found, following, leaf } = commandPath(['run', 'local', 's1_echo']);
  expect([found, following, leaf?.usage]).toEqual([['run', 'local'], [], 'local [flow]']);
});
