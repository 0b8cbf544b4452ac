import { defineConfig } from 'vitest/config';

/** A separate run, which programs.test.ts starts with and without programs. */
export default defineConfig({ test: { include: ['*.sample.ts'], reporters: ['../closingLineReporter.ts'] } });
