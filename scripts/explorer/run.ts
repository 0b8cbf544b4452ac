// `npm run story-page -- FILE` makes a page of its own for a story and prints its address; no server is needed.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { program } from 'commander';
import { explorerPage } from './explorerPage.js';
import { parseStory } from './story.js';

program
  .name('npm run story-page --')
  .description('write a page to step through a story, and print its address')
  .argument('[file]', 'a policy, commands and events, JSON lines; stories of the page itself if left out')
  .action(async (file: string | undefined) => {
    const text = file === undefined ? '' : readStory(file);
    const faults = parseStory(text).flatMap((line) => ('fault' in line ? [line.fault] : []));
    for (const fault of faults) console.error(`Not readable: ${fault}`);
    const page = join(mkdtempSync(join(tmpdir(), 'explorer-')), 'index.html');
    writeFileSync(page, await explorerPage(text));
    console.log(`Open ${pathToFileURL(page)}`);
  });

function readStory(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return program.error(
      error.code === 'ENOENT' ? `${file}: there is no such file.` : `${file}: ${error.message}`,
    );
  }
}

await program.parseAsync();
