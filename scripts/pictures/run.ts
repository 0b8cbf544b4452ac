// `npm run pictures` derives the diagrams of docs/concepts/fee-states.md and docs/guides/refunds-and-chargebacks.md, and the
// tables of docs/concepts/all-rejections.md, from what the code does.
import { readFileSync, writeFileSync } from 'node:fs';
import { pictures } from './drawings.js';
import { type GeneratedBlocks, withGeneratedBlocks } from './generatedBlocks.js';
import { onlineStates } from './onlineStates.js';
import { rejectionTables } from './rejections.js';

function write(name: string, blocks: GeneratedBlocks): void {
  const page = new URL(`../../docs/${name}.md`, import.meta.url);
  writeFileSync(page, withGeneratedBlocks(readFileSync(page, 'utf8'), blocks));
}

write('concepts/fee-states', pictures());
write('concepts/all-rejections', rejectionTables());
write('guides/refunds-and-chargebacks', await onlineStates());
