// `npm run bench` runs all measurements, `npm run bench -- core coldStart oneMoreEvent` the given ones, and draws the plots of
// docs/concepts/performance.md from them.
import { readFileSync, writeFileSync } from 'node:fs';
import { withGeneratedBlocks } from '../../scripts/pictures/generatedBlocks.js';
import { coldStart } from './coldStart.js';
import { decisions } from './decisions.js';
import { foldAgainstFirstWrites } from './foldAgainstFirstWrites.js';
import { foldAgainstLimit } from './foldAgainstLimit.js';
import { foldAgainstPeers } from './foldAgainstPeers.js';
import { reported } from './measure.js';
import { memory } from './memory.js';
import { oneMoreEvent } from './oneMoreEvent.js';
import { plotsOf } from './plots.js';
import { replayAgainstParse } from './replayAgainstParse.js';

const measurements = {
  foldAgainstLimit,
  foldAgainstFirstWrites,
  foldAgainstPeers,
  replayAgainstParse,
  decisions,
  oneMoreEvent,
  memory,
  coldStart,
};

const named = process.argv.slice(2);
for (const [name, measure] of Object.entries(measurements)) {
  if (named.length === 0 || named.includes(name)) await measure();
}

// A short run only shows that the measurements work: its figures are no figures.
if (process.env.BENCH_PAIRS === undefined) {
  const page = new URL('../../docs/concepts/performance.md', import.meta.url);
  writeFileSync(page, withGeneratedBlocks(readFileSync(page, 'utf8'), plotsOf(reported)));
}
