// Writes the JSON Schema of the bindings lock file from libs/capabilities/src; --check compares.
import { formatted, loadSource, writeOrCheck } from '../../../tools/generate/generated-files.mjs';

const source = await loadSource(
  'libs/capabilities/src',
  `export { bindingsLockSchemaDocument } from './bindings/bindings-lock.ts';`,
);
const text = JSON.stringify(source.bindingsLockSchemaDocument());
writeOrCheck(await formatted(new Map([['schemas/bindings_lock.schema.json', text]])));
