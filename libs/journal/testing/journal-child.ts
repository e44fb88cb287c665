// A process that writes journals, for tests that kill it: node journal-child.mjs FOLDER MODE ARGUMENT.
// It says what it has done in lines of JSON, each only after the flush that made it true.
//   write N     N runs at a time, steps without end
//   hold ID     creates a run, says what it is told from outside, and waits
//   take ID     opens a run, says whether it got it, and waits
//   many N      creates N runs, ends every second one, and ends itself
import { type DiagnosticError } from '@basalt/diagnostics';
import { openEmbeddedJournal } from '../src/embedded/embedded-journal.js';
import type { JournalStore } from '../src/journal-store.js';
import { attempt, ended, result, startOf } from './sample-runs.js';

const [folder, mode, argument] = process.argv.slice(2) as [string, string, string];

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function write(store: JournalStore, lane: number): Promise<never> {
  for (let round = 0; ; round += 1) {
    const runId = `${process.pid}-${lane}-${round}`;
    const run = await store.create(startOf(runId));
    const steps = 1 + ((lane * 7 + round * 3) % 40);
    for (let step = 0; step < steps; step += 1) {
      run.append(attempt(step));
      run.append(
        result(step, `${runId}/${step}`, step % 10 === 9 ? `${runId}/${step}` : undefined),
      );
      if (step % 10 === 9) await run.reserve(`${runId}/${step}`, 'i', 60_000);
      await run.flush();
      say({ runId, records: 2 * (step + 1) });
    }
    run.append(ended());
    await run.flush();
    say({ runId, records: 2 * steps + 1 });
    await run.close();
  }
}

async function hold(store: JournalStore): Promise<void> {
  const run = await store.create(startOf(argument));
  run.lost.addEventListener('abort', () => {
    say({ lost: (run.lost.reason as DiagnosticError).diagnostic.code });
  });
  run.onEvent(({ id }) => say({ event: id }));
  run.append(attempt(1));
  await run.flush();
  say({ held: argument });
}

async function take(store: JournalStore): Promise<void> {
  try {
    const run = await store.open(argument);
    say({ taken: run.history.length });
  } catch (error) {
    say({ refused: (error as DiagnosticError).diagnostic.code });
  }
}

async function many(store: JournalStore): Promise<void> {
  for (let i = 0; i < Number(argument); i += 1) {
    const run = await store.create(startOf(`${process.pid}-${i}`));
    run.append(result(1));
    if (i % 2 === 0) run.append(ended());
    await run.flush();
    await run.close();
  }
  await store.close();
  say({ done: true });
}

const store = await openEmbeddedJournal(folder, { logBytes: 64 * 1024 });
const forever = setInterval(() => undefined, 60_000);
switch (mode) {
  case 'write':
    await Promise.all(Array.from({ length: Number(argument) }, (_x, lane) => write(store, lane)));
    break;
  case 'hold':
    await hold(store);
    break;
  case 'take':
    await take(store);
    break;
  default:
    await many(store);
    clearInterval(forever);
}
