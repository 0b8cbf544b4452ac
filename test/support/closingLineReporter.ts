import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { installCommand, type Program } from './programs.js';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** The number of skipped tests for each missing program. */
  readonly missing: Map<Program, number>;
}

/**
 * Ends the output with one line, `N passed, N failed`, in every case: a file that does not load, a failed `beforeAll`,
 * an unhandled error, a missed coverage threshold or a run without tests count as failures too. The line before names
 * the programs that skipped tests need, and the command that installs them.
 */
export default class ClosingLineReporter implements Reporter {
  /** Counts as a failure until a run has ended. */
  private tally: Tally = { passed: 0, failed: 1, skipped: 0, missing: new Map() };

  onInit(): void {
    process.once('exit', (exitCode) => {
      const { passed, failed, skipped, missing } = this.tally;
      const failures = failed === 0 && exitCode !== 0 ? 1 : failed;
      if (failures > 0 && exitCode === 0) process.exitCode = 1;
      const line = `${passed} passed, ${failures} failed`;
      process.stdout.write(missingPrograms(missing));
      process.stdout.write(`${skipped > 0 ? `${line}, ${skipped} skipped` : line}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    this.tally = tallyOf(modules, unhandled);
  }
}

function tallyOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Tally {
  const tally: Tally = { passed: 0, failed: unhandled.length, skipped: 0, missing: new Map() };
  for (const module of modules) {
    tally.failed += module.errors().length;
    for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that is still pending at the end has no result.
      tally[state === 'pending' ? 'failed' : state] += 1;
      if (state !== 'skipped') continue;
      for (const program of test.meta().missingPrograms ?? []) {
        tally.missing.set(program, (tally.missing.get(program) ?? 0) + 1);
      }
    }
  }
  if (tally.passed + tally.failed === 0) tally.failed = 1;
  return tally;
}

function missingPrograms(missing: ReadonlyMap<Program, number>): string {
  if (missing.size === 0) return '';
  const programs = [...missing].map(([program, tests]) => `${program} (${tests} tests)`).join(', ');
  return `Skipped for want of ${programs}. To run them: ${installCommand(missing.keys())}\n`;
}
