import { defineConfig } from 'vitest/config';

/** A run of its own, which programs.test.ts starts on machines with and without programs. */
export default defineConfig({ test: { include: ['*.sample.ts'], reporters: ['../closingLineReporter.ts'] } });
