// Measures whether a second process makes a job faster: node --import tsx measureShared.ts STORE ACCOUNTS. One and two
// processes charge the fines of a night in turn, in pairs, since a busy machine slows down both.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { institution } from '../../../examples/support/generatedPatrons.js';
import { migrate } from '../../../src/stores/postgres/index.js';
import { startNatsServers } from '../../support/natsServers.js';
import { newPool, postgresServer } from '../../support/postgresServer.js';
import { openShared, type SharedPlace } from '../../support/sharedStore.js';
import { round as rounded } from '../measure.js';
import { histories, patronIdOf } from './filledStore.js';
import type { Night, Worked } from './sharedWorker.js';

const PAIRS = 7;

const WRITERS = 32;

const [storeName = '', size = ''] = process.argv.slice(2);
const accounts = Number(size);

/** Starts an empty store that processes can share. */
async function started(): Promise<{ readonly place: SharedPlace; readonly stop: () => Promise<unknown> }> {
  if (storeName === 'postgres') {
    const server = await postgresServer();
    const pool = newPool(server.connection);
    await migrate(pool);
    await pool.end();
    return { place: { postgres: server.folder }, stop: server.remove };
  }
  const servers = await startNatsServers(1);
  return { place: { nats: servers.addresses, streams: [await servers.newStream()] }, stop: servers.stop };
}

async function fill(place: SharedPlace): Promise<void> {
  const { store, close } = await openShared(place);
  const all = histories();
  let next = 0;
  const write = async () => {
    while (next < accounts) {
      const n = next++;
      const events = all[n % all.length];
      if (events !== undefined) {
        await store.append({ institution, patronId: patronIdOf(n) }, events, { expectedVersion: 0 });
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await close();
}

/** A night: accounts per second, and the processor time of the process that worked longest, in microseconds. */
type Measured = { readonly rate: number; readonly cpu: number };

async function nightOf(processes: readonly ChildProcess[], night: number): Promise<Measured> {
  const start = performance.now();
  const work = await Promise.all(
    processes.map(async (child, index) => {
      child.send({ round: night, index, of: processes.length } satisfies Night);
      const [worked] = (await once(child, 'message')) as [Worked];
      return worked;
    }),
  );
  const charged = work.reduce((sum, worked) => sum + worked.charged, 0);
  if (charged !== accounts) throw new Error(`${charged} of ${accounts} accounts were charged`);
  const rate = (1_000 * accounts) / (performance.now() - start);
  return { rate, cpu: Math.max(...work.map(({ cpu }) => cpu)) };
}

const { place, stop } = await started();
const worker = fileURLToPath(new URL('./sharedWorker.ts', import.meta.url));
const processes: ChildProcess[] = [];
try {
  await fill(place);
  for (let n = 0; n < 2; n++) {
    const child = fork(worker, [JSON.stringify(place), size], { execArgv: ['--import', 'tsx'] });
    processes.push(child);
    await once(child, 'message');
  }
  let night = 0;
  const one = () => nightOf(processes.slice(0, 1), night++);
  const two = () => nightOf(processes, night++);
  // The first nights warm up.
  await two();
  await one();
  const pairs: { readonly one: Measured; readonly two: Measured }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const first = pair % 2 === 0 ? await one() : undefined;
    const both = await two();
    pairs.push({ one: first ?? (await one()), two: both });
  }
  const middleOf = (figure: (pair: (typeof pairs)[number]) => number) => {
    const sorted = pairs.map(figure).sort((a, b) => a - b);
    return sorted[(PAIRS - 1) / 2] as number;
  };
  const line = {
    job: 'shared',
    store: storeName,
    accounts,
    perSecondOfTwoToOne: rounded(middleOf(({ one, two }) => two.rate / one.rate)),
    perSecondOfOne: Math.round(middleOf(({ one }) => one.rate)),
    perSecondOfTwo: Math.round(middleOf(({ two }) => two.rate)),
    cpuOfBusierToOne: rounded(middleOf(({ one, two }) => two.cpu / one.cpu)),
    cpuMicrosecondsPerAccount: Math.round(middleOf(({ one }) => one.cpu) / accounts),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
} finally {
  for (const child of processes) child.kill();
  await stop();
}
