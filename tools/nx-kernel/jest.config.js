import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'nx-kernel', testMatch: ['<rootDir>/test/**/*.test.mjs'] };
