import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of tests a temporary folder of its own, which is removed at its end: also what killed processes, servers and
 * the examples of the documentation leave there. Every user may enter it, because PostgreSQL does not run as root. Its name
 * is short: sockets of PostgreSQL, whose paths have at most 107 characters, are in it.
 */
export function useOwnTemporaryFolder(environment: NodeJS.ProcessEnv): void {
  const folder = mkdtempSync(join(tmpdir(), 'pf-'));
  chmodSync(folder, 0o755);
  environment.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
