import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'nx-app', testMatch: ['<rootDir>/test/**/*.test.mjs'] };
