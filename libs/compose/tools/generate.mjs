// Writes the published schemas of composes from libs/compose/src; --check compares.
import { formatted, loadSource, writeOrCheck } from '../../../tools/generate/generated-files.mjs';

const { LCP_SCHEMA, WORKSPACE_SCHEMA, LOCK_SCHEMA } = await loadSource(
  'libs/compose/src',
  `export { LCP_SCHEMA } from './descriptors/lcp-schema.ts';
   export { WORKSPACE_SCHEMA } from './workspace/workspace-schema.ts';
   export { LOCK_SCHEMA } from './resolver/lock-schema.ts';`,
);
const files = new Map([
  ['schemas/lcp.schema.json', JSON.stringify(LCP_SCHEMA)],
  ['schemas/lcp-workspace.schema.json', JSON.stringify(WORKSPACE_SCHEMA)],
  ['schemas/lcp-lock.schema.json', JSON.stringify(LOCK_SCHEMA)],
]);
writeOrCheck(await formatted(files));
