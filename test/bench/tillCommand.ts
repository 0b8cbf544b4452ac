// How long a command to a till takes after ten years of sessions. `npm run bench -- till`
import Database from 'libsql';
import { definePolicy } from '../../src/index.js';
import { executeTill, loadTill, officeEvents } from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { close, move, open, tillEvents } from '../office/till/tills.js';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 3_650);
const policy = definePolicy({ currency: 'USD' });
const database = new Database(':memory:');
migrate(database);
const office = sqliteEventStore(database, { codec: officeEvents });
const id = { institution: 'north', till: 'CIRC' };
for (let n = 0; n < SESSIONS; n++) {
  const session = [open(`s${n}`), move(`m${n}`, 'out', '10', `s${n}`), close(`c${n}`, '1', '41', `s${n}`)];
  const stream = { institution: 'north', stream: 'till:CIRC' };
  await office.append(stream, tillEvents(...session), { expectedVersion: 3 * n });
}

const median = async (runs: number, work: (n: number) => Promise<unknown>) => {
  const times: number[] = [];
  for (let n = 0; n < runs; n++) {
    const start = performance.now();
    await work(n);
    times.push(performance.now() - start);
  }
  return `${(times.sort((a, b) => a - b)[runs >> 1] as number).toFixed(1)} ms`;
};

await executeTill(office, policy, id, open('today'));
const inDrawer = (n: number) => executeTill(office, policy, id, move(`today ${n}`, 'in', '1', 'today'));
console.log(`after ${SESSIONS} sessions: a movement ${await median(15, inDrawer)}`);
const counted = (n: number) => executeTill(office, policy, id, close(`c${n}`, '0', '65', 'today'));
console.log(`a count ${await median(1, counted)}`);
console.log(`an opening ${await median(1, () => executeTill(office, policy, id, open('tomorrow')))}`);
console.log(`loadTill ${await median(7, () => loadTill(office, id))}`);
