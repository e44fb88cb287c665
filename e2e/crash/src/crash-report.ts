// What a course of kills has shown, for people.
import type { CrashReport } from './crash-run.js';

const SHOWN = 20;

/** Nothing lost, nothing repeated, and no process that ended by itself. */
export function isClean({ lost, repeated, endedByThemselves }: CrashReport): boolean {
  return lost.length + repeated.length + endedByThemselves.length === 0;
}

/** A few lines, and the first of what is wrong. */
export function reportText(report: CrashReport): string {
  const { kills, lost, repeated, endedByThemselves, faults } = report;
  const roles = Object.entries(kills);
  const sum = roles.reduce((before, [, times]) => before + times, 0);
  const jumps = report.jumps === 0 ? '' : `, ${report.jumps} jumps of the clock`;
  const said = Object.entries(faults).map(([text, times]) => `  ${times} x ${text}`);
  const answers = Object.entries(report.answers ?? {}).map(([status, n]) => `${n} of ${status}`);
  const told = answers.length === 0 ? '' : `, answers ${answers.join(', ')}`;
  return [
    `${report.kind}, seed ${report.seed}: ${sum} kills${jumps} in ${report.seconds} s`,
    `  ${roles.map(([role, times]) => `${role} ${times}`).join(', ')}`,
    `  jobs ${report.jobs}${told}, effects ${report.effects}, calls ${report.calls}`,
    `  lost ${lost.length}, repeated ${repeated.length}, ended by themselves ${endedByThemselves.length}`,
    ...[...lost, ...repeated, ...endedByThemselves].slice(0, SHOWN).map((line) => `  - ${line}`),
    ...(said.length === 0 ? [] : ['  faults that processes told:', ...said.slice(0, SHOWN)]),
    '',
  ].join('\n');
}

/** All courses in one line. */
export function sumText(reports: readonly CrashReport[]): string {
  const sum = (of: (report: CrashReport) => number) =>
    reports.reduce((before, report) => before + of(report), 0);
  const kills = sum((report) => Object.values(report.kills).reduce((a, b) => a + b, 0));
  const [jobs, effects] = [sum((report) => report.jobs), sum((report) => report.effects)];
  const [lost, repeated] = [sum((r) => r.lost.length), sum((r) => r.repeated.length)];
  const ended = sum((report) => report.endedByThemselves.length);
  return (
    `in all ${kills} kills, ${jobs} jobs, ${effects} effects: ` +
    `${lost} lost, ${repeated} repeated, ${ended} processes ended by themselves\n`
  );
}
