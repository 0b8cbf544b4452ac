import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folders: string[] = [];

/** Creates a folder, which is removed after the tests of the file that is running. So a module that files share creates none. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-'));
  folders.push(folder);
  return folder;
}

/** Removes the folders of a file. */
export function removeTemporaryFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
}
