// `npm run online:faults`: plants each fault of online payments, plays stories of a payment provider until one fails, makes it short,
// and writes the table of the page. Fails if a fault is not found. `-- WORD`: prints the rows of the faults whose names have it.
import { readFileSync, writeFileSync } from 'node:fs';
import { findFault, foundAs, shortest, storyText } from '../test/testing/online/findFault.js';
import { plantedFaults } from '../test/testing/online/plantedFaults.js';
import { simulatorWith } from '../test/testing/online/plantFault.js';
import { withGeneratedBlocks } from './pictures/generatedBlocks.js';

const page = new URL('../docs/concepts/mutation-testing.md', import.meta.url);
const [word] = process.argv.slice(2);
const rows = ['| fault | found as | shortest story |', '|---|---|---|'];
for (const fault of plantedFaults) {
  if (word !== undefined && !fault.name.includes(word)) continue;
  const simulator = await simulatorWith(fault);
  const found = await findFault(simulator);
  if (found === null) throw new Error(`not found: ${fault.name}`);
  const { story, message } = await shortest(simulator, found);
  rows.push(`| ${fault.name} | ${foundAs(message)} | ${storyText(story)} |`);
  console.log(`${found.stories}: ${rows.at(-1)}`);
}
if (word === undefined)
  writeFileSync(page, withGeneratedBlocks(readFileSync(page, 'utf8'), { 'online-faults': rows.join('\n') }));
