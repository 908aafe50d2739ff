// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*/src/**/*.test.{ts,tsx}'],
    // Tests that need a page say so in their first lines; the others start faster without one.
    environment: 'node',
    // A test that waits for a clock that was not turned is a test that hangs.
    testTimeout: 20_000,
  },
});
