import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import { reportFailure } from './report-failure.js';
import { fakeIo } from './testing/fake-io.js';
import { UsageError } from './usage-error.js';

function report(error: unknown, ...argv: string[]) {
  const { io, stdout, stderr } = fakeIo();
  const status = reportFailure(error, argv, io);
  return { status, stdout: stdout(), stderr: stderr() };
}

const finding = diagnostic.CLI008({ folder: 'here', found: 'a, b' });

test('findings: exit 1', () => {
  const { status, stdout, stderr } = report(new DiagnosticError([finding]));
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error CLI008: here is not empty \(a, b\)\.\n/);
  expect(report(new DiagnosticError([finding]), '--json')).toEqual({
    status: 1,
    stdout: `${JSON.stringify({ status: 'failed', diagnostics: [finding] }, null, 2)}\n`,
    stderr: '',
  });
});

test('wrong words: exit 2; a missing tool: exit 3', () => {
  expect(report(new UsageError('No.', 'Try: yes'))).toEqual({
    status: 2,
    stdout: '',
    stderr: 'error: No.\nTry: yes\n',
  });
  expect(report(new MissingToolError('It needs x.', 'npm install x'))).toEqual({
    status: 3,
    stdout: '',
    stderr: 'error: It needs x.\nInstall it with: npm install x\n',
  });
});

test('anything else is a fault of the program, with its stack: exit 1', () => {
  const { status, stderr } = report(new TypeError('x is not a function'));
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error: A fault of flows itself\. TypeError: x is not a function\n {4}at /,
  );
  expect(report('text').stderr).toBe(
    'error: A fault of flows itself. text\nPlease report it, with what you typed.\n',
  );
});

test('after Ctrl-C nothing more is said: exit 130', () => {
  const { io, interrupt, stderr } = fakeIo();
  interrupt.abort();
  expect([reportFailure(new Error('x'), [], io), stderr()]).toEqual([130, '']);
});
