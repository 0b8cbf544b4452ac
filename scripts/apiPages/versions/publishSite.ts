import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies the pages of a release into the folder that is served: to its root, and to `vX.Y.Z`, which must not exist, because
 * the pages of a release never change. Files at the root that the release does not have stay.
 *
 * @returns all versions in the folder, the newest first
 */
export async function publishSite(site: string, folder: string, version: string): Promise<readonly string[]> {
  await cp(site, join(folder, `v${version}`), { recursive: true, errorOnExist: true, force: false });
  await cp(site, folder, { recursive: true });
  const versions = (await readdir(folder))
    .flatMap((name) => /^v(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? [])
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  await writeFile(join(folder, 'versions.json'), `${JSON.stringify(versions)}\n`);
  return versions;
}
