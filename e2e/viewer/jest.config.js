import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'e2e-viewer', maxWorkers: 1, testTimeout: 120_000 };
