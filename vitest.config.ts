import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const own = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // The sources, where user code would import the installed package.
    alias: [
      { find: /^coldpress$/, replacement: own('lib/index.ts') },
      { find: /^coldpress\/runtime$/, replacement: own('lib/runtime/index.ts') },
    ],
  },
  test: {
    // All of the CPUs: by default one would be left idle.
    maxWorkers: '100%',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/run-setup.ts'],
    // Tests pack, spawn and install for real, on machines that may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
