// `npm run bench` runs all measurements, `npm run bench -- coldStart oneMoreEvent` the given ones.
import { coldStart } from './coldStart.js';
import { foldAgainstFirstWrites } from './foldAgainstFirstWrites.js';
import { foldAgainstLimit } from './foldAgainstLimit.js';
import { foldAgainstPeers } from './foldAgainstPeers.js';
import { memoryAndSnapshots } from './memoryAndSnapshots.js';
import { oneMoreEvent } from './oneMoreEvent.js';
import { replayAgainstParse } from './replayAgainstParse.js';

const measurements = {
  foldAgainstLimit,
  foldAgainstFirstWrites,
  foldAgainstPeers,
  replayAgainstParse,
  oneMoreEvent,
  memoryAndSnapshots,
  coldStart,
};

const named = process.argv.slice(2);
for (const [name, measure] of Object.entries(measurements)) {
  if (named.length === 0 || named.includes(name)) await measure();
}
