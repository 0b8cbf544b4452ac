// A process with two features of a store: node pairWorker.ts PLAN. It works until it is killed, or through all commands, and
// prints the fee id of each command that was acknowledged.
import { writeSync } from 'node:fs';
import { pairStore } from './pairStores.js';
import { type PairPlan, workOn } from './pairWork.js';

const plan: PairPlan = JSON.parse(process.argv[2] ?? '');
const pair = await pairStore(plan);
await workOn(plan, pair, (id) => writeSync(1, `${id}\n`));
await pair.end();
