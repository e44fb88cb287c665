// Plants one violation of each rule and shows that the workspace's lint reports it, and that the
// same code without the violation passes: a lint that cannot fail proves nothing.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const eslint = new ESLint({ cwd: root });

async function rulesBrokenBy(text, file) {
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  return [...new Set(result.messages.map((m) => m.ruleId ?? m.message))].sort();
}

describe('layers', () => {
  const upward = [
    ['libs/ir/src/planted.ts', '@basalt/executor'],
    ['libs/validator/src/planted.ts', '@basalt/executor'],
    ['libs/capabilities/src/planted.ts', '@basalt/validator'],
    ['libs/executor/src/planted.ts', '@basalt/flow-dsl'],
    ['libs/validator/src/planted.ts', '@basalt/flow-dsl'],
  ];
  test.each(upward)('%s may not import %s', async (file, target) => {
    expect(await rulesBrokenBy(`import '${target}';\n`, file)).toEqual([
      '@nx/enforce-module-boundaries',
    ]);
  });

  const downward = [
    ['libs/ir/src/planted.ts', '@basalt/diagnostics'],
    ['libs/validator/src/planted.ts', '@basalt/ir'],
    ['libs/executor/src/planted.ts', '@basalt/validator'],
    ['libs/flow-dsl/src/planted.ts', '@basalt/executor'],
    ['apps/cli/src/planted.ts', '@basalt/flow-dsl'],
  ];
  test.each(downward)('%s may import %s', async (file, target) => {
    expect(await rulesBrokenBy(`import '${target}';\n`, file)).toEqual([]);
  });

  test('a relative path into another project is refused', async () => {
    const text = `import '../../diagnostics/src/index.js';\n`;
    expect(await rulesBrokenBy(text, 'libs/ir/src/planted.ts')).toEqual([
      '@nx/enforce-module-boundaries',
    ]);
  });
});

describe('style', () => {
  const cases = [
    ['local/no-deep-import', `import '@basalt/ir/dist/value.js';\n`, 'planted.ts'],
    ['local/no-export-all', `export * from './value.js';\n`, 'planted.ts'],
    ['local/no-export-all', `export default 1;\n`, 'planted.ts'],
    ['local/ascii-only', `// caf\u00e9\nexport const a = 1;\n`, 'planted.ts'],
    ['local/no-vague-file-name', `export const a = 1;\n`, 'utils.ts'],
    ['local/no-vague-file-name', `export const a = 1;\n`, 'CamelCase.ts'],
    ['no-console', `console.log(1);\n`, 'planted.ts'],
    ['max-lines', 'export {};\n'.repeat(501), 'planted.ts'],
  ];
  test.each(cases)('%s bites', async (rule, text, name) => {
    expect(await rulesBrokenBy(text, `libs/validator/src/${name}`)).toContain(rule);
  });

  test('good code passes', async () => {
    const text = `/** One. */\nexport const one = 'caf\u00e9';\n`;
    expect(await rulesBrokenBy(text, 'libs/validator/src/planted.ts')).toEqual([]);
  });
});
