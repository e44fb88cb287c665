// wrk in front of the built host with s1_echo, at several numbers of connections. Prints requests a
// second, latencies, and memory; how many requests were refused (503, while the machine is too busy), and
// how many got no answer, which alone is a failure.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CONNECTIONS = [1, 8, 32, 128, 512];
const SECONDS = 5;

const main = fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url));
const script = fileURLToPath(new URL('./echo.lua', import.meta.url));

const host = spawn(process.execPath, [main, 'run', 'serve', 's1_echo', '--addr', '127.0.0.1:0'], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
const url = await new Promise((resolve, reject) => {
  let text = '';
  host.stderr.setEncoding('utf8').on('data', (piece) => {
    text += piece;
    const found = /Listening on (\S+)\n/.exec(text);
    if (found !== null) resolve(found[1]);
  });
  host.once('exit', (status) => reject(new Error(`the host ended with ${status}: ${text}`)));
});

function megabytes() {
  const status = readFileSync(`/proc/${host.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024);
}

function wrk(connections, seconds) {
  const words = ['-t1', '--timeout', '30s', `-c${connections}`, `-d${seconds}s`, '-s', script, url];
  const text = execFileSync('wrk', words, { encoding: 'utf8' });
  return JSON.parse(/^RESULT (.*)$/m.exec(text)[1]);
}

let errors = 0;
try {
  wrk(32, 3);
  console.log('connections  requests/s  p50 ms  p99 ms  max ms  refused  unanswered  resident MiB');
  for (const connections of CONNECTIONS) {
    const { requests, seconds, p50, p99, max, refused, errors: some } = wrk(connections, SECONDS);
    errors += some;
    const cells = [connections, Math.round(requests / seconds)];
    cells.push(...[p50, p99, max].map((ms) => ms.toFixed(2)), refused, some, megabytes());
    const widths = [11, 10, 6, 6, 6, 7, 10, 12];
    console.log(cells.map((cell, i) => String(cell).padStart(widths[i])).join('  '));
  }
} finally {
  host.kill('SIGTERM');
}
process.exitCode = errors === 0 ? 0 : 1;
