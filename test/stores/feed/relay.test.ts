import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type CloudEvent,
  cloudEvent,
  type Outbox,
  type RelayOptions,
  relay,
} from '../../../src/stores/feed/index.js';
import { assessedFee } from '../../support/assessedFee.js';

/** Returns an outbox in memory with events of accounts, in this order: `a1` is the first event of the account `a`. */
function outboxWith(names: string) {
  let waiting = names.split(' ').map((name, position) => ({
    position: String(position),
    event: cloudEvent(
      {
        institution: 'north',
        patronId: name.charAt(0),
        version: Number(name.slice(1)),
        recordedAt: '2026-03-02T09:00:00Z',
        event: assessedFee(name),
      },
      { source: '/fees' },
    ),
  }));
  const removed: string[][] = [];
  const outbox: Outbox = {
    waiting: async (limit) => waiting.slice(0, limit),
    remove: async (sent) => {
      removed.push(sent.map(({ event }) => nameOf(event)));
      waiting = waiting.filter(({ position }) => sent.every((one) => one.position !== position));
    },
  };
  return { outbox, removed, left: () => waiting.map(({ event }) => nameOf(event)) };
}

const nameOf = ({ data }: CloudEvent) => String((data.data as { feeId?: string }).feeId);

/** Runs a relay until its outbox is empty. */
async function runUntilCurrent(
  outbox: Outbox,
  send: (event: CloudEvent) => unknown,
  options: Partial<RelayOptions> = {},
) {
  const ending = new AbortController();
  return relay(outbox, send, {
    signal: ending.signal,
    maxPauseMs: 1,
    pollMs: 1,
    ...options,
    onProgress: (progress) => {
      options.onProgress?.(progress);
      if (progress.state === 'current') ending.abort();
    },
  });
}

describe('a relay', () => {
  it('sends the oldest first, in batches, and removes what was sent', async () => {
    const { outbox, removed, left } = outboxWith('a1 a2 b1 a3 b2');
    const sent: string[] = [];
    const states: string[] = [];
    const result = await runUntilCurrent(outbox, (event) => sent.push(nameOf(event)), {
      batchSize: 2,
      onProgress: (progress) => states.push(`${progress.state} ${progress.sent}`),
    });
    expect(result).toEqual({ sent: 5 });
    expect(sent).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
    expect(removed).toEqual([['a1', 'a2'], ['b1', 'a3'], ['b2']]);
    expect(left()).toEqual([]);
    expect(states).toEqual(['sending 2', 'sending 4', 'sending 5', 'current 5']);
  });

  it('sends the others while the events of an account fail, and none of that account out of order', async () => {
    const { outbox, removed } = outboxWith('a1 b1 a2 b2 c1');
    const sent: string[] = [];
    const failures: (readonly [unknown, number, number])[] = [];
    let refusals = 3;
    await runUntilCurrent(
      outbox,
      async (event) => {
        const name = nameOf(event);
        if (name === 'b1' && refusals-- > 0) throw new Error(`no ${refusals}`);
        sent.push(name);
      },
      {
        maxPauseMs: 150,
        onFailure: ({ error, failures: count, pauseMs }) => failures.push([String(error), count, pauseMs]),
      },
    );
    expect(sent).toEqual(['a1', 'a2', 'c1', 'b1', 'b2']);
    expect(removed).toEqual([
      ['a1', 'a2', 'c1'],
      ['b1', 'b2'],
    ]);
    expect(failures).toEqual([
      ['Error: no 2', 1, 100],
      ['Error: no 1', 2, 150],
      ['Error: no 0', 3, 150],
    ]);
  });

  it.each([1, 2, 5])(
    'sends the events of at most %i accounts at a time, and of each one after the other',
    async (concurrency) => {
      const { outbox } = outboxWith('a1 b1 c1 a2 b2 c2 d1 a3 e1 e2 e3');
      const underWay: string[] = [];
      const next = new Map<string, number>();
      let most = 0;
      await runUntilCurrent(
        outbox,
        async (event) => {
          const account = event.subject;
          expect(underWay).not.toContain(account);
          underWay.push(account);
          most = Math.max(most, underWay.length);
          expect(Number(event.sequence)).toBe((next.get(account) ?? 0) + 1);
          next.set(account, Number(event.sequence));
          await turn();
          underWay.splice(underWay.indexOf(account), 1);
        },
        { concurrency },
      );
      expect(most).toBe(concurrency);
      expect([...next.values()]).toEqual([3, 2, 2, 1, 3]);
    },
  );

  it('reaches the events behind those of an account that fails, however many these are', async () => {
    const failing = Array.from({ length: 20 }, (_, index) => `a${index + 1}`).join(' ');
    const { outbox, left } = outboxWith(`${failing} b1 c1 b2 d1`);
    const ending = new AbortController();
    const sent: string[] = [];
    await relay(
      outbox,
      (event) => {
        if (nameOf(event).startsWith('a')) throw new Error('no');
        sent.push(nameOf(event));
      },
      { signal: ending.signal, batchSize: 2, onFailure: () => ending.abort() },
    );
    expect(sent).toEqual(['b1', 'c1', 'b2', 'd1']);
    expect(left()).toEqual(failing.split(' '));
  });

  it.each([
    [4, 1, 10],
    [100, 1, 10],
    // Those that are under way are completed.
    [100, 4, 13],
  ])(
    'sends few events to a receiver that is down: batches of %i, %i at a time',
    async (batchSize, concurrency, most) => {
      const { outbox, removed } = outboxWith(
        [...'abcdefghijklmnopqrstuvwxyz'].map((name) => `${name}1 ${name}2`).join(' '),
      );
      const ending = new AbortController();
      const tried: string[] = [];
      const send = async (event: CloudEvent) => {
        tried.push(nameOf(event));
        await turn();
        throw new Error('no answer');
      };
      const onFailure = () => ending.abort();
      await relay(outbox, send, { signal: ending.signal, batchSize, concurrency, onFailure });
      expect(tried).toEqual([...'abcdefghijklm'].slice(0, most).map((name) => `${name}1`));
      expect(removed).toEqual([]);
    },
  );

  it('completes what it is sending when it is stopped, and removes it', async () => {
    const { outbox, removed, left } = outboxWith('a1 a2 a3 b1');
    const ending = new AbortController();
    const result = await relay(
      outbox,
      async (event) => {
        if (nameOf(event) === 'a2') ending.abort();
        await turn();
      },
      { signal: ending.signal },
    );
    expect([result, removed, left()]).toEqual([{ sent: 2 }, [['a1', 'a2']], ['a3', 'b1']]);
    expect(await relay(outbox, () => undefined, { signal: ending.signal })).toEqual({ sent: 0 });
  });

  it('waits while another one holds the lock, and takes over', async () => {
    const { outbox } = outboxWith('a1 a2 a3');
    let isTaken = false;
    const lock = {
      tryAcquire: async () => {
        if (isTaken) return undefined;
        isTaken = true;
        return {
          isHeld: () => true,
          release: async () => {
            isTaken = false;
          },
        };
      },
    };
    const first = new AbortController();
    const senders: string[] = [];
    const running = relay(
      { ...outbox, lock },
      async (event) => {
        senders.push(`first ${nameOf(event)}`);
        if (nameOf(event) !== 'a2') return;
        await expect(waiting).resolves.toBe('waiting');
        first.abort();
      },
      { signal: first.signal },
    );
    let isWaiting = (_state: string) => {};
    const waiting = new Promise<string>((resolve) => {
      isWaiting = resolve;
    });
    const second = runUntilCurrent({ ...outbox, lock }, (event) => senders.push(`second ${nameOf(event)}`), {
      onProgress: ({ state }) => state === 'waiting' && isWaiting(state),
    });
    expect([await running, await second]).toEqual([{ sent: 2 }, { sent: 1 }]);
    expect(senders).toEqual(['first a1', 'first a2', 'second a3']);
  });

  it('reads the outbox after a report of an append, without polling', async () => {
    const { outbox } = outboxWith('a1 a2');
    let isReady = false;
    const ending = new AbortController();
    const sent: string[] = [];
    let stopped = 0;
    const result = await relay(
      { ...outbox, waiting: async (limit) => (isReady ? outbox.waiting(limit) : []) },
      (event) => {
        sent.push(nameOf(event));
        if (sent.length === 2) ending.abort();
      },
      {
        signal: ending.signal,
        pollMs: 3_600_000,
        watch: async (onChange) => {
          setImmediate(() => {
            isReady = true;
            onChange();
          });
          return async () => {
            stopped += 1;
          };
        },
      },
    );
    expect([result, sent, stopped]).toEqual([{ sent: 2 }, ['a1', 'a2'], 1]);
  });

  it('tries again after an error of the outbox', async () => {
    const { outbox } = outboxWith('a1 a2');
    const sent: string[] = [];
    let errors = 2;
    const failing: Outbox = {
      waiting: async (limit) => {
        if (errors-- > 1) throw new Error('the connection is lost');
        return outbox.waiting(limit);
      },
      remove: async (events) => {
        if (errors-- > 0) throw new Error('the connection is lost');
        return outbox.remove(events);
      },
    };
    const failures: number[] = [];
    await runUntilCurrent(failing, (event) => sent.push(nameOf(event)), {
      onFailure: ({ failures: count }) => failures.push(count),
    });
    // What may not have been removed is sent again, in its order.
    expect([...new Set(sent)]).toEqual(['a1', 'a2']);
    expect(failures.length).toBeGreaterThan(0);
  });
});

it.each([
  [{ waiting: 1 }, String, {}],
  [outboxWith('a1').outbox, 'send', {}],
  [outboxWith('a1').outbox, String, { signal: null }],
  [outboxWith('a1').outbox, String, { batchSize: 0 }],
  [outboxWith('a1').outbox, String, { concurrency: 0.5 }],
  [outboxWith('a1').outbox, String, { batch: 1 }],
])('refuses wrong arguments: %#', async (outbox, send, options) => {
  const { signal } = new AbortController();
  await expect(relay(outbox as never, send as never, { signal, ...options } as never)).rejects.toThrow(
    'INVALID_ARGUMENT',
  );
});
