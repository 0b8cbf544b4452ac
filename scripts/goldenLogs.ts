// Writes the golden logs of this release to test/golden/v<version>: histories as this release stores them, and their
// figures. An existing log is never overwritten, because a published one must never change. Before this version is
// published, delete its folder to write all of it again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeEvents } from '../src/history/codec.js';
import { figures } from '../test/support/figures.js';
import { officeFigures, officeLines } from '../test/support/officeFigures.js';
import { officeLogs } from './goldenOffice.js';
import { writeGoldenSeal } from './goldenSeal.js';
import { goldenLogs } from './goldenStories.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const folder = `test/golden/v${version}`;
mkdirSync(`${folder}/office`, { recursive: true });

function write(file: string, events: string, folded: () => unknown): void {
  const isNew = !existsSync(`${file}.ndjson`);
  const isStale = !isNew && readFileSync(`${file}.ndjson`, 'utf8') !== events;
  const note = isStale ? ' (differs from its story: delete the folder if this version is not published)' : '';
  console.log(`${isNew ? 'written' : 'kept   '} ${file}${note}`);
  if (!isNew) return;
  writeFileSync(`${file}.ndjson`, events);
  writeFileSync(`${file}.figures.json`, `${JSON.stringify(folded(), null, 2)}\n`);
}

for (const { name, events, account } of goldenLogs())
  write(`${folder}/${name}`, encodeEvents(events), () => figures(account));
for (const [name, { stream, events }] of Object.entries(officeLogs))
  write(`${folder}/office/${name}`, officeLines(events), () => officeFigures(stream, events));

await writeGoldenSeal(`test/golden/seals/v${version}`);
