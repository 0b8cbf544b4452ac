// `npm run bench -- nats [events] [appends] [known] [reads] [long] [all] [trips]` prints a line of JSON for each figure: of all
// parts, or the named ones. Compare ratios within one run only.
import { jetstream } from '@nats-io/jetstream';
import { type Command, definePolicy } from 'patron-fees';
import { encodeEvent, execute, loadAccount, type StreamId } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { assessedFee } from '../support/assessedFee.js';
import { type Client, prefixOf, startNatsServers } from '../support/natsServers.js';

const EVENTS = Number(process.argv[2] ?? 100_000);
const named = process.argv.slice(3);
const parts = new Set(named.length > 0 ? named : ['appends', 'known', 'reads', 'long', 'all', 'trips']);
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

function assess(id: string): Command {
  return { type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
}

async function benchAppends(client: Client, stream: string, servers: number): Promise<void> {
  const prefix = prefixOf(stream);
  const store = natsEventStore({ ...client, stream, prefix });
  const js = jetstream(client.connection);
  const probe: StreamId = { institution: 'north', patronId: 'probe' };
  await execute(store, policy, probe, assess('f1'));
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
          execute(store, policy, { institution: 'north', patronId: account(index) }, assess('f1')),
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

/** Commands on accounts that this process has changed before: each sends one message and waits for one answer. */
async function benchKnown(client: Client, stream: string, servers: number): Promise<void> {
  const prefix = prefixOf(stream);
  const store = natsEventStore({ ...client, stream, prefix });
  const js = jetstream(client.connection);
  const accounts = 200;
  let [round, messages] = [0, 0];
  const command = (index: number) => {
    const patronId = `k${round}-${index % accounts}`;
    return execute(store, policy, { institution: 'north', patronId }, assess(`f${index}`));
  };
  await command(0);
  const last = await client.manager.streams.getMessage(stream, { last_by_subj: `${prefix}.north.k0-0` });
  for (const writers of [1, 16]) {
    const times = writers === 1 ? 600 : 3_000;
    await compare(
      'execute on a known account / bare publish of the same bytes',
      { servers, writers },
      async () => {
        round += 1;
        await perSecond(accounts, writers, command);
        const sent = client.connection.stats().outMsgs;
        const rate = await perSecond(times, writers, (index) => command(accounts + index));
        messages = (client.connection.stats().outMsgs - sent) / times;
        return rate;
      },
      async () => {
        round += 1;
        return perSecond(times, writers, (index) =>
          js.publish(`${prefix}.bare.k${round}-${index}`, last?.data, {
            expect: { streamName: stream, lastSubjectSequence: 0 },
          }),
        );
      },
    );
    report('messages of a command on a known account', { servers, writers, messages });
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

/** An account that has had this many events costs a command as much as a short one. */
async function benchLongAccount(client: Client, stream: string, servers: number): Promise<void> {
  const prefix = prefixOf(stream);
  const store = natsEventStore({ ...client, stream, prefix });
  const accountOf = (events: number): StreamId => ({ institution: 'north', patronId: `of-${events}` });
  const lengths = { long: 600, short: 10 };
  for (const events of Object.values(lengths)) {
    for (let version = 0; version < events; version++) {
      await store.append(accountOf(events), [assessedFee(`f${version}`)], { expectedVersion: version });
    }
  }
  let next = 0;
  // One account at a time, and each command one more event: so the short one is a new one each time.
  const times = 20;
  const commands = (stream: StreamId) =>
    perSecond(times, 1, () => execute(store, policy, stream, assess(`n${next++}`)));
  let fresh = 0;
  await compare(
    `execute, ${times} commands on an account of ${lengths.long} events / on one of ${lengths.short}`,
    { servers },
    () => commands(accountOf(lengths.long)),
    async () => {
      fresh += 1;
      const short = { institution: 'north', patronId: `short-${fresh}` };
      const events = Array.from({ length: lengths.short }, (_, index) => assessedFee(`f${index}`));
      for (const [version, event] of events.entries()) {
        await store.append(short, [event], { expectedVersion: version });
      }
      return commands(short);
    },
  );
}

async function benchReadAll(
  client: Client,
  stream: string,
  servers: number,
  eventsPerMessage: number,
): Promise<void> {
  const store = natsEventStore({ ...client, stream, prefix: prefixOf(stream) });
  const accounts = EVENTS / (2 * eventsPerMessage);
  const batch = Array.from({ length: eventsPerMessage }, (_, index) => assessedFee(`f${index}`));
  const bytes = batch.reduce((sum, event) => sum + encodeEvent(event).length, 0);
  await perSecond(2 * accounts, 100, (index) =>
    store.append({ institution: 'north', patronId: `p${index % accounts}` }, batch, {
      expectedVersion: 'any',
    }),
  );
  const memory = process.memoryUsage().rss;
  let peak = memory;
  const ownRead = async () => {
    const start = performance.now();
    let count = 0;
    for (let after: string | undefined; ; ) {
      const page = await store.readAll({ limit: 1_000, ...(after && { after }) });
      if (page.events.length === 0) break;
      count += page.events.length;
      after = page.cursor;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    return Math.round((1_000 * count) / (performance.now() - start));
  };
  const js = jetstream(client.connection);
  const bareRead = async () => {
    const start = performance.now();
    const consumer = await js.consumers.get(stream);
    let count = 0;
    for await (const message of await consumer.consume({ max_messages: 1_000 })) {
      for (const line of message.string().split('\n').slice(1)) {
        JSON.parse(line);
        count += 1;
      }
      if (message.info.pending === 0) break;
    }
    await consumer.delete();
    return Math.round((1_000 * count) / (performance.now() - start));
  };
  await compare(
    'readAll, 1,000 a page / an ordered consumer and JSON.parse',
    { servers, events: EVENTS, eventsPerMessage, bytes },
    ownRead,
    bareRead,
  );
  report('memory of readAll', { servers, grownMB: Math.round((peak - memory) / 1e6) });
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

/** What one call costs with one writer: the messages that it sends, and its time, beside an empty request's. */
async function benchTrips(client: Client, stream: string, servers: number): Promise<void> {
  const store = natsEventStore({ ...client, stream, prefix: prefixOf(stream) });
  const at0 = { expectedVersion: 0 };
  const account = (index: number): StreamId => ({ institution: 'north', patronId: `t${index}` });
  const times = 200;
  const events = [assessedFee('f0')];
  type Call = (stream: StreamId) => Promise<unknown>;
  const calls: Readonly<Record<string, Call>> = {
    'flush, an empty round trip': () => client.connection.flush(),
    'append at version 0': (id) => store.append(id, events, at0),
    'read of one event': (id) => store.read(id),
    'append at the version that was read': (id) => store.append(id, events, { expectedVersion: 1 }),
    'execute, a new account': (id) => execute(store, policy, id, assess('f1')),
    'execute, a known account of one event': (id) => execute(store, policy, id, assess('f2')),
    'execute, a new account expected at version 0': (id) => execute(store, policy, id, assess('f1'), at0),
  };
  const trips: { call: string; messages: number; micros: number }[] = [];
  let accounts = 0;
  for (let round = 0; round <= 7; round++) {
    for (const [call, work] of Object.entries(calls)) {
      // What begins on a new account gets new ones; the others continue with those of the call before.
      if (call.includes('new') || call.includes('version 0')) accounts += times;
      const sent = client.connection.stats().outMsgs;
      const rate = await perSecond(times, 1, (index) => work(account(accounts + index)));
      const messages = (client.connection.stats().outMsgs - sent) / times;
      // The first round warms up.
      if (round > 0) trips.push({ call, messages, micros: Math.round(1e6 / rate) });
    }
  }
  for (const call of Object.keys(calls)) {
    const rounds = trips.filter((trip) => trip.call === call).sort((a, b) => a.micros - b.micros);
    const { messages, micros } = rounds[3] as (typeof rounds)[number];
    report(call, { servers, messages, micros, fastest: rounds[0]?.micros });
  }
}

for (const count of [1, 3] as const) {
  const servers = await startNatsServers(count);
  try {
    const client = await servers.connect();
    if (parts.has('appends')) await benchAppends(client, await servers.newStream(), count);
    if (parts.has('known')) await benchKnown(client, await servers.newStream(), count);
    if (parts.has('reads')) await benchReads(client, await servers.newStream(), count);
    if (parts.has('trips')) await benchTrips(client, await servers.newStream(), count);
    if (parts.has('long')) await benchLongAccount(client, await servers.newStream(), count);
    if (!parts.has('all')) continue;
    for (const eventsPerMessage of [1, 5]) {
      await benchReadAll(client, await servers.newStream(), count, eventsPerMessage);
    }
  } finally {
    await servers.stop();
  }
}
