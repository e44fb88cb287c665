// Writes one project's test counts where the gate sums them (dist/test-results/<project>.json),
// so that the closing line counts what really ran.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const results = fileURLToPath(new URL('../../dist/test-results/', import.meta.url));

export default class CountReporter {
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  onRunComplete(_contexts, result) {
    const project = process.env.NX_TASK_TARGET_PROJECT ?? basename(this.globalConfig.rootDir);
    mkdirSync(results, { recursive: true });
    const counts = {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    };
    writeFileSync(join(results, `${project}.json`), `${JSON.stringify(counts)}\n`);
  }
}
