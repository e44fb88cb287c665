// Shared Jest settings: ES modules, TypeScript through ts-jest (types are checked by `typecheck`),
// libraries resolved to their sources, counts written for the gate.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@basalt/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      { useESM: true, tsconfig: `${root}tsconfig.jest.json`, diagnostics: false },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/out-tsc/'],
  maxWorkers: 2,
  testTimeout: 60000,
  reporters: ['default', `${root}tools/gate/jest-count-reporter.js`],
};
