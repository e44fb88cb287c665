import { loadModuleText } from '../../src/load-module-text.js';

export const act = () =>
  loadModuleText(
    'flow.ts',
    `import { defineFlow } from '@basalt/flow-dsl';
export const pages = defineFlow('pages', { version: '1.0.0' }, (f) => void f.trigger('request'));
`,
  );
