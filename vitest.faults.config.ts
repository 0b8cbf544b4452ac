import { defineConfig } from 'vitest/config';
import config from './vitest.config.js';

/** Tests that break what events are kept in while they are written: minutes instead of seconds, one file at a time. */
export default defineConfig({
  resolve: config.resolve ?? {},
  test: {
    reporters: config.test?.reporters ?? [],
    include: ['test/faults/**/*.test.ts'],
    fileParallelism: false,
  },
});
