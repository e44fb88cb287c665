// Writes the schema and the page of policies and the page of hints from libs/validator/src; --check
// compares.
import { formatted, loadSource, writeOrCheck } from '../../../tools/generate/generated-files.mjs';

const source = await loadSource(
  'libs/validator/src',
  `export { POLICY_SCHEMA } from './policy/policy-schema.ts';
   export { hintsPage, policyPage } from './policy/policy-page.ts';`,
);
const files = new Map([
  ['schemas/policy.schema.json', JSON.stringify(source.POLICY_SCHEMA)],
  ['docs/reference/policy.md', source.policyPage()],
  ['docs/reference/hints.md', source.hintsPage()],
]);
writeOrCheck(await formatted(files));
