import { loadModuleText } from '../../src/load-module-text.js';

export const act = () =>
  loadModuleText(
    'flow.ts',
    `export const pages = defineFlow(;
`,
  );
