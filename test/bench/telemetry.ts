// `npm run bench -- telemetry` compares `execute` on a new account of a store in memory that is watched, without an SDK of
// OpenTelemetry and with one, with the same store that is not: ratios of processor time within one run, one line of JSON each.
import { telemetry } from 'patron-fees/telemetry';
import { type EventStore, execute, memoryEventStore } from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import { startSdk } from '../telemetry/sdk.js';

const PAIRS = Number(process.env.BENCH_PAIRS ?? 15);
const COMMANDS = Number(process.env.BENCH_COMMANDS ?? 2_000);
const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD' });
const command: Command = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1] as number;

async function microseconds(store: EventStore, round: string): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < COMMANDS; n++)
    await execute(store, policy, { institution: 'north', patronId: `${round}-${n}` }, command);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / COMMANDS;
}

async function compare(what: string, watch: (store: EventStore) => EventStore): Promise<void> {
  const ratios: number[] = [];
  const plain: number[] = [];
  for (let pair = 0; pair < PAIRS + 3; pair++) {
    const bare = memoryEventStore({ now: () => at });
    const watched = watch(memoryEventStore({ now: () => at }));
    const stores = pair % 2 === 0 ? [bare, watched] : [watched, bare];
    const times = new Map<EventStore, number>();
    for (const store of stores) times.set(store, await microseconds(store, String(pair)));
    if (pair < 3) continue;
    plain.push(times.get(bare) as number);
    ratios.push((times.get(watched) as number) / (times.get(bare) as number));
  }
  console.log(
    JSON.stringify({
      what,
      plainMicroseconds: Number(median(plain).toFixed(1)),
      ratio: Number(median(ratios).toFixed(2)),
    }),
  );
}

await compare('watched, without an SDK', (store) => telemetry().store(store));
const sdk = startSdk();
await compare('watched, with an SDK that keeps spans in memory', (store) => {
  void sdk.reset();
  return telemetry().store(store);
});
await sdk.end();
