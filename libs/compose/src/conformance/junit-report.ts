// Results of a suite as JUnit XML, as CI systems read it.
import type { FixtureResult } from './run-suite.js';

export function junitReport(suite: string, results: readonly FixtureResult[]): string {
  const failures = results.filter(({ status }) => status === 'failed').length;
  const time = seconds(results.reduce((sum, { duration_ms }) => sum + duration_ms, 0));
  const attributes = `name="${escape(suite)}" tests="${results.length}" failures="${failures}" time="${time}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite ${attributes}>`,
    ...results.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines(result: FixtureResult): readonly string[] {
  const { name, duration_ms, problems } = result;
  const head = `    <testcase name="${escape(name)}" classname="compose" time="${seconds(duration_ms)}"`;
  if (problems.length === 0) return [`${head}/>`];
  return [
    `${head}>`,
    `      <failure message="${escape(problems[0]!)}">${escape(problems.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Characters that XML has no place for become U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
