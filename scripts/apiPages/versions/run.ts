// `npm run docs:publish -- FOLDER` adds the pages that `npm run docs` has built to the folder of all versions.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publishSite } from './publishSite.js';

const root = new URL('../../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const folder = process.argv[2];
if (folder === undefined) {
  console.error('Name the folder that is served: npm run docs:publish -- FOLDER');
  process.exitCode = 2;
} else {
  const versions = await publishSite(fileURLToPath(new URL('site', root)), folder, version);
  console.log(`${folder} has the versions ${versions.join(', ')}`);
}
