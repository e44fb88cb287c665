#!/usr/bin/env node
// `flows` as npm links it. The command itself is built; where it is not yet, this says how.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('error: flows is not built yet.\nBuild it with: npx nx run cli:build\n');
  process.exitCode = 3;
}
