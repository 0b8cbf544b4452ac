// `npx tsx test/bench/natsStore.ts [events]` prints a line of JSON for each figure. Compare ratios within one run only.
import { jetstream } from '@nats-io/jetstream';
import { encodeEvent, execute, loadAccount, type StreamId } from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import { natsEventStore } from '../../src/stores/nats/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { type Client, prefixOf, startNatsServers } from '../support/natsServers.js';

const EVENTS = Number(process.argv[2] ?? 100_000);
const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';

function report(figure: string, fields: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ figure, ...fields }));
}

/** Runs work a number of times with concurrent writers; returns the rate per second. */
async function perSecond(
  times: number,
  writers: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let next = 0;
  const write = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: writers }, write));
  return Math.round((times / (performance.now() - start)) * 1000);
}

/** Reports medians, and the median ratio of pairs, so that a slow machine affects both. */
async function compare(
  figure: string,
  fields: object,
  own: () => Promise<number>,
  other: () => Promise<number>,
): Promise<void> {
  const pairs: { own: number; other: number }[] = [];
  for (let pair = 0; pair < 7; pair++) {
    // Alternately.
    if (pair % 2 === 0) pairs.push({ own: await own(), other: await other() });
    else {
      const first = await other();
      pairs.push({ own: await own(), other: first });
    }
  }
  pairs.sort((a, b) => a.own / a.other - b.own / b.other);
  const middle = pairs[3] as { own: number; other: number };
  const ratio = Math.round((middle.own / middle.other) * 100) / 100;
  report(figure, { ...fields, ratio, perSecond: middle.own, bare: middle.other });
}

async function benchAppends(client: Client, stream: string, servers: number): Promise<void> {
  const prefix = prefixOf(stream);
  const store = natsEventStore({ ...client, stream, prefix });
  const js = jetstream(client.connection);
  const probe: StreamId = { institution: 'north', patronId: 'probe' };
  const assess: Command = {
    type: 'AssessFee',
    id: 'f1',
    feeType: 'OTHER',
    amount: '2.50',
    owner: 'MAIN',
    at,
  };
  await execute(store, policy, probe, assess);
  const bytes = (await client.manager.streams.getMessage(stream, { last_by_subj: `${prefix}.north.probe` }))
    ?.data;
  let round = 0;
  for (const writers of [1, 16]) {
    const times = writers === 1 ? 500 : 3_000;
    const account = (index: number) => `r${round}-${index}`;
    await compare(
      'execute on a new account / bare publish of the same bytes',
      { servers, writers },
      async () => {
        round += 1;
        return perSecond(times, writers, (index) =>
          execute(store, policy, { institution: 'north', patronId: account(index) }, assess),
        );
      },
      async () => {
        round += 1;
        return perSecond(times, writers, (index) =>
          js.publish(`${prefix}.bare.${account(index)}`, bytes, {
            expect: { streamName: stream, lastSubjectSequence: 0 },
          }),
        );
      },
    );
  }
}

async function benchReads(client: Client, stream: string, servers: number): Promise<void> {
  const prefix = prefixOf(stream);
  const store = natsEventStore({ ...client, stream, prefix });
  const account: StreamId = { institution: 'north', patronId: 'long' };
  for (let version = 0; version < 1_000; version++) {
    await store.append(account, [assessedFee(`f${version}`)], { expectedVersion: version });
  }
  const js = jetstream(client.connection);
  const ownRead = async () => {
    const consumer = await js.consumers.get(stream, { filter_subjects: `${prefix}.north.long` });
    for await (const message of await consumer.consume({ max_messages: 1_000 })) {
      if (message.info.pending === 0) break;
    }
    await consumer.delete();
  };
  await compare(
    'read and fold 1,000 events / an ordered consumer that reads them',
    { servers },
    () => perSecond(5, 1, () => loadAccount(store, account)),
    () => perSecond(5, 1, ownRead),
  );
}

async function benchReadAll(client: Client, stream: string, servers: number): Promise<void> {
  const store = natsEventStore({ ...client, stream, prefix: prefixOf(stream) });
  const accounts = EVENTS / 10;
  const batch = Array.from({ length: 5 }, (_, index) => assessedFee(`f${index}`));
  const bytes = batch.reduce((sum, event) => sum + encodeEvent(event).length, 0);
  await perSecond(2 * accounts, 100, (index) =>
    store.append({ institution: 'north', patronId: `p${index % accounts}` }, batch, {
      expectedVersion: 'any',
    }),
  );
  const memory = process.memoryUsage().rss;
  let peak = memory;
  let count = 0;
  let after: string | undefined;
  const start = performance.now();
  for (;;) {
    const page = await store.readAll({ limit: 1_000, ...(after && { after }) });
    if (page.events.length === 0) break;
    count += page.events.length;
    after = page.cursor;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - start) / 1000;
  const grownMB = Math.round((peak - memory) / 1e6);
  report('readAll, 1,000 a page', {
    servers,
    events: count,
    eventsPerMessage: 5,
    bytes,
    perSecond: Math.round(count / seconds),
    grownMB,
  });
  const listing = performance.now();
  let listed = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await store.accounts({ limit: 1_000, ...(cursor && { after: cursor }) });
    if (page.accounts.length === 0) break;
    listed += page.accounts.length;
    cursor = page.cursor;
  }
  report('accounts, 1,000 a page', {
    servers,
    accounts: listed,
    perSecond: Math.round((listed / (performance.now() - listing)) * 1000),
  });
}

for (const count of [1, 3] as const) {
  const servers = await startNatsServers(count);
  try {
    const client = await servers.connect();
    await benchAppends(client, await servers.newStream(), count);
    await benchReads(client, await servers.newStream(), count);
    await benchReadAll(client, await servers.newStream(), count);
  } finally {
    await servers.stop();
  }
}
