import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'generate', testMatch: ['<rootDir>/test/**/*.test.mjs'] };
