import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'lint-rules',
  testMatch: ['<rootDir>/test/**/*.test.mjs'],
};
