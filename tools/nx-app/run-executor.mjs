// Nx executor that starts a built program with the arguments that followed `--`, byte for byte: no
// shell expands them and no executor option swallows them. Its exit code becomes success or failure
// (Nx itself turns every failure into 1).
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export default function runExecutor(options, context) {
  const entry = join(context.root, options.basaltEntryFile);
  const args = (options.__unparsed__ ?? []).map(String);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: process.cwd(),
      stdio: 'inherit',
    });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve({ success: code === 0 });
    });
  });
}
