// Writes the JSON Schemas and the reference pages of Flow IR from libs/ir/src; --check compares.
import { formatted, loadSource, writeOrCheck } from '../../../tools/generate/generated-files.mjs';

const source = await loadSource(
  'libs/ir/src',
  `export { flowSchemaDocument, surfacesSchemaDocument } from './schema-emit.ts';
   export { flowReferencePage, surfacesReferencePage } from './reference-pages.ts';`,
);
const files = new Map([
  ['schemas/flow_ir.schema.json', JSON.stringify(source.flowSchemaDocument())],
  ['schemas/surfaces.schema.json', JSON.stringify(source.surfacesSchemaDocument())],
  ['docs/reference/ir/flow-ir.md', source.flowReferencePage()],
  ['docs/reference/ir/surfaces.md', source.surfacesReferencePage()],
]);
writeOrCheck(await formatted(files));
