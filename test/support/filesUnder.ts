import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Lists the files in a folder and its folders, from `root`, with `/` between the parts, in a stable order. */
export function filesUnder(root: string, folder: string): string[] {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
