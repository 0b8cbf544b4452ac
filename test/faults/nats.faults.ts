import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventStore, execute, loadAccount, type StreamId } from '../../src/history/index.js';
import { type Command, definePolicy, isPatronFeesError } from '../../src/index.js';
import { natsEventStore } from '../../src/stores/nats/index.js';
import { violations } from '../../src/testing/index.js';
import { type NatsServers, prefixOf, startNatsServers } from '../support/natsServers.js';
import { until } from '../support/until.js';
import { timesOf } from './timesOf.js';

const COMMANDS = timesOf(20_000);
const WRITERS = 24;
const ACCOUNTS = 300;
const TIMES = 3;

/** So long that a store fails for what it finds, not for how long a slow machine elects a leader. */
const PATIENT_MS = 600_000;

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';

/** The faults of the cluster while commands are executed, each at regular intervals. */
const faults: readonly { readonly title: string; readonly strike: (stream: string) => Promise<void> }[] = [
  {
    title: `the leader killed ${TIMES} times`,
    strike: async (stream) => {
      const leader = await servers.leaderOf(stream);
      await servers.kill(leader);
      await pause(3_000);
      servers.restart(leader);
      await servers.untilWhole(stream);
    },
  },
  {
    title: `a follower frozen ${TIMES} times`,
    strike: async (stream) => {
      const follower = ((await servers.leaderOf(stream)) + 1) % 3;
      servers.freeze(follower);
      await pause(5_000);
      servers.thaw(follower);
    },
  },
  {
    title: `the leader frozen and resumed ${TIMES} times`,
    strike: async (stream) => {
      const leader = await servers.leaderOf(stream);
      servers.freeze(leader);
      await pause(8_000);
      servers.thaw(leader);
    },
  },
  {
    title: `all servers killed and started again ${TIMES} times`,
    strike: async () => {
      await Promise.all([0, 1, 2].map((server) => servers.kill(server)));
      await pause(500);
      for (const server of [0, 1, 2]) servers.restart(server);
    },
  },
];

/** The index of the next command, the number of executed ones, the time of the last one, and the longest wait for one. */
type Work = { next: number; done: number; lastMs: number; longestMs: number };

let servers: NatsServers;

describe('a NATS cluster of three servers', () => {
  beforeAll(async () => {
    servers = await startNatsServers(3);
  });

  afterAll(() => servers.stop());

  for (const { title, strike } of faults) {
    it(`stores each of ${COMMANDS} acknowledged commands exactly once, with ${title}`, async () => {
      const stream = await servers.newStream();
      const stores = await Promise.all([open(stream), open(stream), open(stream)]);
      const work: Work = { next: 0, done: 0, lastMs: performance.now(), longestMs: 0 };
      const writers = Promise.all(
        Array.from({ length: WRITERS }, (_, index) => write(stores[index % 3] as EventStore, work)),
      );
      for (let time = 1; time <= TIMES; time++) {
        while (work.done < (COMMANDS * time) / (TIMES + 1)) await Promise.race([pause(20), writers]);
        await strike(stream);
      }
      await writers;
      console.log(`Writing stopped for ${Math.round(work.longestMs)} ms at most, with ${title}`);
      await expectEveryCommandOnce(await watchable(stream));
    });
  }
});

it('a watcher is called for each append of another process, with any server of the cluster killed', async () => {
  servers = await startNatsServers(3);
  try {
    const stream = await servers.newStream();
    const [store, other] = await Promise.all([watchable(stream), watchable(stream)]);
    let calls = 0;
    const stop = await store.watch(() => {
      calls += 1;
    });
    const callsAfterAppend = async (index: number) => {
      const before = calls;
      await execute(other, policy, accountOf(index), commandOf(index));
      await until(() => calls > before);
    };
    await callsAfterAppend(0);
    for (let round = 1; round <= 2 * TIMES; round++) {
      // In turn, so that the one with the consumer is among them.
      await servers.kill(round % 3);
      await callsAfterAppend(2 * round);
      servers.restart(round % 3);
      await servers.untilWhole(stream);
      await callsAfterAppend(2 * round + 1);
    }
    await stop();
  } finally {
    await servers.stop();
  }
});

async function watchable(stream: string) {
  return natsEventStore({
    ...(await servers.connect()),
    stream,
    prefix: prefixOf(stream),
    timeouts: { totalMs: PATIENT_MS },
  });
}

async function open(stream: string): Promise<EventStore> {
  const client = await servers.connect();
  // Short timeouts, so that the outcome is often unknown and callers have to retry.
  return natsEventStore({
    ...client,
    stream,
    prefix: prefixOf(stream),
    timeouts: { publishMs: 500, totalMs: 2_000 },
  });
}

const accountOf = (index: number): StreamId => ({ institution: 'north', patronId: `p${index % ACCOUNTS}` });

/** Every third command of an account is a payment. */
function commandOf(index: number): Command {
  const round = Math.floor(index / ACCOUNTS);
  if (round % 3 !== 2)
    return { type: 'AssessFee', id: `c${index}`, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
  return {
    type: 'ReceivePayment',
    id: `c${index}`,
    amount: '1.25',
    method: 'CASH',
    overpayment: 'credit',
    at,
  };
}

/** Executes commands until none is left; a command without an answer is executed again, like a client does. */
async function write(store: EventStore, work: Work): Promise<void> {
  while (work.next < COMMANDS) {
    const index = work.next++;
    for (let acknowledged = false; !acknowledged; ) {
      try {
        const { decision } = await execute(store, policy, accountOf(index), commandOf(index));
        expect(decision.accepted).toBe(true);
        acknowledged = true;
      } catch (error) {
        const isOpen =
          isPatronFeesError(error, 'STORE_UNAVAILABLE') || isPatronFeesError(error, 'VERSION_CONFLICT');
        if (!isOpen) throw error;
      }
    }
    work.done += 1;
    const now = performance.now();
    work.longestMs = Math.max(work.longestMs, now - work.lastMs);
    work.lastMs = now;
  }
}

async function expectEveryCommandOnce(store: EventStore): Promise<void> {
  const expected = Array.from({ length: COMMANDS }, (_, index) => `c${index}`).sort();
  const inAll: (string | undefined)[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = await store.readAll({ limit: 1_000, ...(after && { after }) });
    inAll.push(...page.events.map(({ event }) => event.metadata?.commandId));
    [after, more] = [page.cursor, page.events.length > 0];
  }
  expect(inAll.sort()).toEqual(expected);
  const inAccounts: (string | undefined)[] = [];
  for (const account of (await store.accounts()).accounts) {
    const { events } = await store.read(account);
    inAccounts.push(...events.map(({ event }) => event.metadata?.commandId));
    expect(violations((await loadAccount(store, account)).account)).toEqual([]);
  }
  expect(inAccounts.sort()).toEqual(expected);
}
