// A process that updates a projection: node --import tsx projectionRunner.ts FILE. It reads a page and prints `ready`,
// applies it after the first line of its input, and prints the number of applied events, and of conflicts with another
// process.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { catchUp, type Projection } from '../../src/history/index.js';
import { isPatronFeesError } from '../../src/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { paymentTotals } from './paymentTotals.js';
import { libsql } from './sqliteDrivers.js';

const [file = ''] = process.argv.slice(2);
const database = libsql.open(file);
const store = sqliteEventStore(database, { synchronous: 'normal' });
const { projection, checkpoint } = paymentTotals(database);
let [applied, moved] = [0, 0];

let isReady = false;
const waiting: Projection = {
  ...projection,
  apply: async (...page) => {
    if (!isReady) {
      isReady = true;
      process.stdout.write('ready\n');
      await once(process.stdin, 'data');
    }
    await projection.apply(...page);
  },
};
for (let isDone = false; !isDone; ) {
  try {
    let pages = 0;
    const before = applied;
    await catchUp(store, waiting, checkpoint, {
      pageSize: 5,
      onProgress: ({ events }) => {
        applied = before + events;
        pages += 1;
      },
    });
    isDone = pages === 0;
  } catch (error) {
    if (!isPatronFeesError(error, 'CHECKPOINT_MOVED')) throw error;
    moved += 1;
  }
  await pause(1);
}
process.stdout.write(`${JSON.stringify({ applied, moved })}\n`);
process.stdin.destroy();
