// A process that keeps a projection current: node --import tsx projectionRunner.ts FILE. It says `ready`, begins at the
// first line that it reads, and ends with the events that it took in and how often another process was faster.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { catchUp } from '../../src/history/index.js';
import { isPatronFeesError } from '../../src/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from './sqliteDrivers.js';
import { takenIn } from './takenProjection.js';

const [file = ''] = process.argv.slice(2);
const database = libsql.open(file);
const store = sqliteEventStore(database, { synchronous: 'normal' });
const { projection, checkpoint } = takenIn(database);
let [taken, moved] = [0, 0];

process.stdout.write('ready\n');
await once(process.stdin, 'data');
for (let isDone = false; !isDone; ) {
  try {
    let pages = 0;
    const before = taken;
    await catchUp(store, projection, checkpoint, {
      pageSize: 5,
      onProgress: ({ events }) => {
        taken = before + events;
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
process.stdout.write(`${JSON.stringify({ taken, moved })}\n`);
process.stdin.destroy();
