import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'kernel-abi',
  testMatch: ['<rootDir>/test/**/*.test.mjs'],
};
