// Wrong words, help on every level, and the examples that the help shows.
import { runFlowsCommand } from '../src/flows-command.js';
import { reportFailure } from '../src/report-failure.js';
import { fakeIo } from '../src/testing/fake-io.js';
import { documentOf, runFlows, withFolder, type Outcome } from './testing/run-flows.js';

const LEVELS: readonly (readonly string[])[] = [
  [],
  ['init'],
  ['examples'],
  ['graph'],
  ['graph', 'check'],
  ['graph', 'explain'],
  ['graph', 'show'],
  ['graph', 'diff'],
  ['entrypoints'],
  ['entrypoints', 'check'],
  ['bindings'],
  ['bindings', 'lock'],
  ['bindings', 'lock', 'generate'],
  ['run'],
  ['run', 'local'],
  ['queue'],
  ['queue', 'enqueue'],
  ['queue', 'schedule', 'add'],
  ['doctor'],
  ['completion'],
];

/** The words of a line as a shell reads them: blanks separate, single quotes keep together. */
function shellWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}

/** The lines below "Examples:" without what they say. */
function examplesIn(help: string): readonly string[] {
  const [, block = ''] = /\nExamples:\n((?: {2}flows .*\n)+)/.exec(help) ?? [];
  return block
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/ {2,}(?=[A-Z])/)[0]!);
}

describe.each(LEVELS.map((words) => [words.join(' '), words] as const))(
  'flows %s --help',
  (_name, words) => {
    test('explains itself on stdout, with examples that work', async () => {
      const help = await runFlows([...words, '--help']);
      expect([help.status, help.stderr]).toEqual([0, '']);
      expect(help.stdout.split('\n')[0]).toMatch(new RegExp(`^flows ${words.join(' ')}`.trimEnd()));
      expect(await runFlows([...words, '-h'])).toEqual(help);

      const examples = examplesIn(help.stdout);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const { status, stderr } = await withFolder((cwd) =>
          runFlows(shellWords(example).slice(1), { cwd }),
        );
        // A comparison of two different flows answers no.
        const expected = example.startsWith('flows graph diff') ? 1 : 0;
        expect([example, status, stderr.includes('error')]).toEqual([example, expected, false]);
      }
    });
  },
);

/** Commands whose examples need a run, a queue or a signal to be there. */
const NEED_MORE = [
  ['run', 'serve'],
  ['runs'],
  ...['list', 'show', 'resume', 'cancel', 'events', 'verify', 'prune', 'export', 'import'].map(
    (word) => ['runs', word],
  ),
  ['replay'],
  ...['up', 'run', 'status', 'pause', 'resume'].map((word) => ['queue', word]),
  ...['list', 'remove'].map((word) => ['queue', 'schedule', word]),
  ...['list', 'show', 'replay', 'purge'].map((word) => ['queue', 'dead', word]),
];

test.each(NEED_MORE.map((words) => [words.join(' '), words] as const))(
  'flows %s --help explains itself, with examples of words that there are',
  async (_name, words) => {
    const help = await runInProcess([...words, '--help']);
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout.split('\n')[0]).toMatch(new RegExp(`^flows ${words.join(' ')}`));
    const examples = examplesIn(help.stdout);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const options = [...example.matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option!);
      const own = words.length === 1 ? shellWords(example).slice(1, 3) : words;
      const { stdout } = await runInProcess([...own, '--help']);
      expect([example, options.filter((option) => !stdout.includes(`${option} `))]).toEqual([
        example,
        [],
      ]);
      expect(example.startsWith(`flows ${words.join(' ')}`)).toBe(true);
    }
  },
);

/** The outcome of a command line without a process of its own. */
async function runInProcess(argv: readonly string[]): Promise<Outcome> {
  const { io, stdout, stderr } = fakeIo();
  const status = await runFlowsCommand(argv, io).catch((error: unknown) =>
    reportFailure(error, argv, io),
  );
  return { status, stdout: stdout(), stderr: stderr() };
}

const usage = (problem: string, help: string): Outcome => ({
  status: 2,
  stdout: '',
  stderr: `error: ${problem}\n${help}\n`,
});

test.each([
  ['', 'Name a command.', 'Try: flows --help'],
  ['graph', 'Name a command of graph.', 'Try: flows graph --help'],
  ['bindings lock', 'Name a command of lock.', 'Try: flows bindings lock --help'],
  ['grpah check', 'There is no command grpah.', 'Did you mean graph? Try: flows --help'],
  ['graph chekc', 'There is no command chekc.', 'Did you mean check? Try: flows graph --help'],
  [
    'graph check --jsno',
    'There is no option --jsno.',
    'Did you mean --json? Try: flows graph check --help',
  ],
  [
    'graph check --profil=web',
    'There is no option --profil.',
    'Did you mean --profile? Try: flows graph check --help',
  ],
  [
    'graph check -json',
    'There is no option -json.',
    'Did you mean --json? Try: flows graph check --help',
  ],
  [
    'run local --dedline-ms 5',
    'There is no option --dedline-ms.',
    'Did you mean --deadline-ms? Try: flows run local --help',
  ],
  ['doctor --hepl', 'There is no option --hepl.', 'Did you mean --help? Try: flows doctor --help'],
  ['doctor --zzz', 'There is no option --zzz.', 'Try: flows doctor --help'],
  ['run local s1_echo more', 'more is one argument too many.', 'Try: flows run local --help'],
  ['graph explain', 'An argument is missing.', 'Try: flows graph explain --help'],
  [
    'graph check s1_echo --profile wbe',
    '--profile takes one of web, queue, temporal, wasm, metal, dev; it is wbe.',
    'Did you mean web? Try: flows graph check --help',
  ],
  ['run local --payload', '--payload needs a value.', 'Try: flows run local --help'],
  ['run local --payload 1 --payload 2', '--payload is given more than once.', 'Give it once.'],
  [
    'run local --payload 1 --payload-file x',
    '--payload and --payload-file exclude each other.',
    'Try: flows run local --help',
  ],
  [
    'run local --bind kv=memory --bindings-lock x',
    '--bindings-lock and --bind exclude each other.',
    'Try: flows run local --help',
  ],
  [
    'run local --burst 0',
    '--burst takes a whole number of at least 1.',
    'Try: flows run local --help',
  ],
  [
    'run local --burst many',
    '--burst takes a whole number of at least 1.',
    'Try: flows run local --help',
  ],
  [
    'run local --deadline-ms 1.5',
    '--deadline-ms takes a whole number of at least 1.',
    'Try: flows run local --help',
  ],
  ['run local --seed 1', '--seed belongs to --deterministic.', 'Try: flows run local --help'],
  [
    'run local --deterministic --seed x',
    '--seed takes a whole number of at least 0.',
    'Try: flows run local --help',
  ],
  [
    'run local s1_echo --example s1_echo',
    'FLOW and --example name the same thing: give one of them.',
    'Try: flows run local --help',
  ],
  [
    'graph check s1_echo --input s1_echo',
    'FLOW and --input name the same thing: give one of them.',
    'Try: flows graph check --help',
  ],
  ['graph explain DAG20', 'There is no diagnostic DAG20.', 'Did you mean DAG200?'],
  ['init x --lang cobol', '--lang takes one of ts; it is cobol.', 'Try: flows init --help'],
])('flows %s', async (line, problem, help) => {
  expect(await runInProcess(line.split(' ').filter(Boolean))).toEqual(usage(problem, help));
});

test('the built command says the same', async () => {
  expect(await runFlows(['graph', 'chekc'])).toEqual(
    usage('There is no command chekc.', 'Did you mean check? Try: flows graph --help'),
  );
  expect(await runFlows(['run', 'local', '--payload'])).toEqual(
    usage('--payload needs a value.', 'Try: flows run local --help'),
  );
});

test('an --event that is none says what one looks like', async () => {
  const { status, stderr } = await runFlows(['run', 'local', 'human_approval', '--event', 'yes']);
  expect([status, stderr]).toEqual([
    2,
    'error: --event yes is not an event.\n' +
      'An event is CHECKPOINT:KEY=JSON, such as approval:e-1={"approved":true}.\n',
  ]);
});

test('with --json a usage failure is one document, and nothing is on stderr', async () => {
  const outcome = await runFlows(['graph', 'check', '--jsno', '--json']);
  expect([outcome.status, outcome.stderr, documentOf(outcome)]).toEqual([
    2,
    '',
    {
      status: 'failed',
      error: 'There is no option --jsno.',
      help: 'Did you mean --json? Try: flows graph check --help',
    },
  ]);
});

test.each([
  ['run local --json --stream', '--json and --stream exclude each other.'],
  ['graph check --json --emit-dot s1_echo', '--json and --emit-dot exclude each other.'],
  ['graph check --json --pretty-json s1_echo', '--json and --pretty-json exclude each other.'],
])('flows %s', async (line, error) => {
  const outcome = await runFlows(line.split(' '));
  const help = `Try: flows ${line.split(' ', 2).join(' ')} --help`;
  expect([outcome.status, documentOf(outcome)]).toEqual([2, { status: 'failed', error, help }]);
});

test('the version', async () => {
  expect(await runFlows(['--version'])).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
});
