// Reads what a test program printed in the Test Anything Protocol, and counts it.

/** Counts of one program's output. A result that the plan promised and nobody printed has failed, and
 * so has a program that ended badly without saying why. */
export function readTap(output, status) {
  const lines = output.split('\n');
  const results = lines.filter((line) => /^(not )?ok\b/.test(line));
  const failed = results.filter((line) => line.startsWith('not ')).length;
  const plan = lines.map((line) => /^1\.\.(\d+)$/.exec(line)).find((match) => match !== null);
  const kept = plan !== undefined && Number(plan[1]) === results.length && results.length > 0;
  const endedBadly = failed === 0 && (status !== 0 || !kept);
  return { passed: results.length - failed, failed: failed + (endedBadly ? 1 : 0) };
}
