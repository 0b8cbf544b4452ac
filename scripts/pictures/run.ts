// `npm run pictures` derives the diagrams of docs/concepts/fee-states.md from what the code does.
import { readFileSync, writeFileSync } from 'node:fs';
import { pictures } from './drawings.js';
import { withGeneratedBlocks } from './generatedBlocks.js';

const page = new URL('../../docs/concepts/fee-states.md', import.meta.url);
writeFileSync(page, withGeneratedBlocks(readFileSync(page, 'utf8'), pictures()));
