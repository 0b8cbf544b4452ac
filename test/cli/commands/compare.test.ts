import { expect, it } from 'vitest';
import { runInMemory } from '../../support/commandLine.js';

// The packed package compares the example in Python: test/package/commandLine.test.ts.
it('says what is missing', async () => {
  expect((await runInMemory(['compare'])).errors).toContain('--command PROGRAM ARGUMENTS..., or --url URL');
  const format = await runInMemory(['compare', '--command', 'true', '--format', 'html']);
  expect(format.errors).toContain('expected text, tap, junit');
  const none = await runInMemory(['compare', '--command', 'true', '--runs', '0']);
  expect(none.errors).toContain('--runs 0: expected a positive number');
  const gone = await runInMemory(['compare', '--url', 'http://127.0.0.1:9/fees']);
  expect(gone.exitCode).toBe(2);
  expect(gone.errors).toContain('does not answer');
  const secret = await runInMemory(['compare', '--url', 'http://u:pw@127.0.0.1:9/fees']);
  expect(secret.errors).toContain('http://u:***@127.0.0.1:9/fees does not answer');
});
