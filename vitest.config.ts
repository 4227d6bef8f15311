import { defineConfig } from 'vitest/config';

/** What starts processes, installs the package or opens a browser (CONTRIBUTING.md). */
const LONG = ['src/**/*.long.test.ts', 'test/**/*.long.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'short', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], exclude: LONG },
      },
      { extends: true, test: { name: 'long', include: LONG, testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
