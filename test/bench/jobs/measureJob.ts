// Measures one figure of `npm run bench -- jobs`: node --expose-gc --import tsx measureJob.ts JOB STORE ACCOUNTS
import { performance } from 'node:perf_hooks';
import type { EventStore } from '../../../src/history/index.js';
import { round } from '../measure.js';
import { filledStore, type StoreName } from './filledStore.js';
import { jobs } from './jobs.js';

const WARM_UP_ACCOUNTS = 10_000;

/** The minimum number of accounts of a figure: with fewer accounts, the job runs on several stores. */
const ACCOUNTS_MIN = 10_000;

const CHECKPOINTS = 8;

const MEGABYTE = 2 ** 20;

const [jobName = '', storeName = '', size = ''] = process.argv.slice(2);
const job = jobs[jobName] as (typeof jobs)[string];
const accounts = Number(size);

/** Returns the heap size after garbage collection. */
function live(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Returns the wall time and the processor time of the job; other work on the machine affects the latter less. */
async function time() {
  const { store, remove } = await filledStore(storeName as StoreName, accounts);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await job(store, accounts);
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  remove();
  return { wall: (1_000 * wall) / accounts, cpu: (user + system) / accounts };
}

/** Returns the peak heap of the job without the store, which grows as the job writes. Measured in a separate run. */
async function held(): Promise<number> {
  const { store, remove } = await filledStore(storeName as StoreName, accounts);
  const before = live();
  const seen: { readonly reads: number; readonly bytes: number }[] = [];
  let reads = 0;
  const read: EventStore['read'] = (stream, options) => {
    reads += 1;
    if (reads % Math.ceil(accounts / CHECKPOINTS) === 0) seen.push({ reads, bytes: live() });
    return store.read(stream, options);
  };
  await job({ ...store, read }, accounts);
  const storeGrew = live() - before;
  remove();
  return Math.max(...seen.map((now) => now.bytes - before - (storeGrew * now.reads) / accounts));
}

const warmUp = await filledStore('memory', WARM_UP_ACCOUNTS);
await job(warmUp.store, WARM_UP_ACCOUNTS);

const rounds: Awaited<ReturnType<typeof time>>[] = [];
for (let done = 0; done < ACCOUNTS_MIN; done += accounts) rounds.push(await time());
const median = (which: 'wall' | 'cpu') =>
  rounds.map((one) => one[which]).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] as number;
const peakRss = process.resourceUsage().maxRSS;
const line = {
  job: jobName,
  store: storeName,
  accounts,
  perSecond: Math.round(1_000_000 / median('wall')),
  microsecondsPerAccount: round(median('wall')),
  cpuMicrosecondsPerAccount: round(median('cpu')),
  peakRssMegabytes: Math.round(peakRss / 1_024),
  heldByJobMegabytes: round((await held()) / MEGABYTE),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
