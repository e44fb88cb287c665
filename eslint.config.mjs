// One lint configuration for the whole workspace. Layers are enforced by project tags: a project may
// import only from the layers listed for its own. Lint through Nx (`nx run-many -t lint`): without a
// cached project graph the layer rule passes silently, and tools/lint-rules proves that it bites.
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { localRules } from './tools/lint-rules/index.mjs';

const layers = {
  'layer:base': ['layer:base'],
  'layer:capability': ['layer:base', 'layer:capability'],
  'layer:validator': ['layer:base', 'layer:validator'],
  'layer:executor': ['layer:base', 'layer:capability', 'layer:validator', 'layer:executor'],
  'layer:frontend': [
    'layer:base',
    'layer:capability',
    'layer:validator',
    'layer:executor',
    'layer:frontend',
  ],
  'layer:host': [
    'layer:base',
    'layer:capability',
    'layer:validator',
    'layer:executor',
    'layer:host',
  ],
  'layer:app': [
    'layer:base',
    'layer:capability',
    'layer:validator',
    'layer:executor',
    'layer:frontend',
    'layer:host',
    'layer:app',
  ],
  'layer:tool': [
    'layer:base',
    'layer:capability',
    'layer:validator',
    'layer:executor',
    'layer:frontend',
    'layer:host',
    'layer:tool',
  ],
  'layer:e2e': ['*'],
};

const depConstraints = Object.entries(layers).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
  sourceTag,
  onlyDependOnLibsWithTags,
}));

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '**/generated', '**/*.d.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mjs,js}'],
    plugins: { '@nx': nx, local: localRules },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          // flows init names the package in the project that it makes.
          checkDynamicDependenciesExceptions: ['@basalt/flow-dsl'],
          depConstraints,
        },
      ],
      'local/no-deep-import': 'error',
      'local/no-export-all': 'error',
      'local/ascii-only': 'error',
      'local/no-vague-file-name': 'error',
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-redeclare': 'off',
    },
  },
  {
    // Configuration files and generators run before any package is built.
    files: ['**/*.config.js', '*.mjs', '*.js', 'libs/*/tools/*.mjs', '*/tools/*.mjs'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    // Tests hold long `describe` blocks, and say what they print.
    files: ['**/*.test.ts', '**/testing/**', '**/type-tests/**', 'e2e/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // Modules that stand for a user's: they import the library by its name, and leave things undone.
    files: ['**/testing/**', '**/type-tests/**', 'e2e/diagnostic-fixtures/**'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    // Programs that talk to a person.
    files: ['tools/**', '**/tools/*.mjs', 'apps/cli/src/terminal/**'],
    rules: { 'no-console': 'off' },
  },
);
