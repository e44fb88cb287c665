import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'docs-check',
  testMatch: ['<rootDir>/test/**/*.test.mjs'],
};
