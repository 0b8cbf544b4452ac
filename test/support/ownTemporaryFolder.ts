import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const PREFIX = 'pf-';

/**
 * Gives a run of tests a temporary folder of its own, which is removed at its end: also what killed processes, servers and
 * the examples of the documentation leave there. Every user may enter it, because PostgreSQL does not run as root. Its name
 * is short: sockets of PostgreSQL, whose paths have at most 107 characters, are in it. The configuration is loaded for each
 * project: they share one folder.
 */
export function useOwnTemporaryFolder(environment: NodeJS.ProcessEnv): void {
  if (basename(tmpdir()).startsWith(PREFIX)) return;
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o755);
  environment.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
