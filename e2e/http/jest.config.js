import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'e2e-http', testTimeout: 240_000 };
