// Writes the golden logs of this release to test/golden/v<version>: histories as this release stores them, and their
// figures. An existing log is never overwritten, because a published one must never change. Before this version is
// published, delete its folder to write all of it again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeEvents } from '../src/history/codec.js';
import { figures } from '../test/support/figures.js';
import { writeGoldenSeal } from './goldenSeal.js';
import { goldenLogs } from './goldenStories.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const folder = `test/golden/v${version}`;
mkdirSync(folder, { recursive: true });

for (const { name, events, account } of goldenLogs()) {
  const file = `${folder}/${name}`;
  const isNew = !existsSync(`${file}.ndjson`);
  const isStale = !isNew && readFileSync(`${file}.ndjson`, 'utf8') !== encodeEvents(events);
  const note = isStale ? ' (differs from its story: delete the folder if this version is not published)' : '';
  console.log(`${isNew ? 'written' : 'kept   '} ${file}${note}`);
  if (!isNew) continue;
  writeFileSync(`${file}.ndjson`, encodeEvents(events));
  writeFileSync(`${file}.figures.json`, `${JSON.stringify(figures(account), null, 2)}\n`);
}

await writeGoldenSeal(`test/golden/seals/v${version}`);
