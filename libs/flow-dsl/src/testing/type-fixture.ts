// Compiles fixture files with the real compiler and compares its errors with the expectations that the
// files state: a comment "fails: TS<code> <part of the message>" above the line that must not compile.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = fileURLToPath(new URL('../../testing/type-tests/', import.meta.url));
const FAILS = /^\s*\/\/ fails: (TS\d+) (.+)$/;

/** The fixture files: name -> text. */
export function typeFixtures(): Map<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** File -> what differs from its expectations, in order of lines; empty where all of them hold. */
export function compareTypeErrors(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const program = programOf(files);
  return new Map(
    [...files].map(([name, text]) => {
      const source = program.getSourceFile(join(folder, name))!;
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return [name, differences(text, found)];
    }),
  );
}

/** How many lines of a fixture must not compile. */
export function expectationCount(text: string): number {
  return text.split('\n').filter((line) => FAILS.test(line)).length;
}

function differences(text: string, found: readonly ts.Diagnostic[]): string[] {
  const expected = new Map<number, { readonly code: string; readonly part: string }>();
  text.split('\n').forEach((line, index) => {
    const [, code, part] = FAILS.exec(line) ?? [];
    if (code !== undefined && part !== undefined) expected.set(index + 2, { code, part });
  });
  const differing: string[] = [];
  for (const { file, start, code, messageText } of found) {
    const line = file!.getLineAndCharacterOfPosition(start!).line + 1;
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    const wanted = expected.get(line);
    expected.delete(line);
    if (wanted?.code === `TS${code}` && message.includes(wanted.part)) continue;
    differing.push(
      `line ${line}: TS${code} ${message
        .split('\n')
        .map((part) => part.trim())
        .join(' | ')}`,
    );
  }
  for (const [line, { code }] of expected)
    differing.push(`line ${line}: compiles, ${code} expected`);
  return differing;
}

function programOf(files: ReadonlyMap<string, string>): ts.Program {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
    .config as object;
  const { options } = ts.parseJsonConfigFileContent(base, ts.sys, root);
  const settings = { ...options, composite: false, incremental: false, noEmit: true };
  const host = ts.createCompilerHost(settings);
  const texts = new Map([...files].map(([name, text]) => [join(folder, name), text]));
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  return ts.createProgram([...texts.keys()], settings, host);
}
