// `npm run explore -- FILE` makes a page of its own for a story and prints its address; no server is needed.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { explorerPage } from './explorerPage.js';
import { parseStory } from './story.js';

const file = process.argv[2];
const text = file === undefined ? '' : readFileSync(file, 'utf8');
const faults = parseStory(text).flatMap((line) => ('fault' in line ? [line.fault] : []));
for (const fault of faults) console.error(`Not readable: ${fault}`);
const page = join(mkdtempSync(join(tmpdir(), 'explorer-')), 'index.html');
writeFileSync(page, await explorerPage(text));
console.log(`Open ${pathToFileURL(page)}`);
