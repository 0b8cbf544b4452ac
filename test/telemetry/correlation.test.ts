import { execute, memoryEventStore } from 'patron-fees/history';
import { expect, it } from 'vitest';
import { linksTo } from '../../src/telemetry/correlation.js';
import { assess, at, policy } from '../support/account.js';
import { stream } from '../support/stores.js';
import { withSdk } from './withSdk.js';

const now = () => at;

const its = withSdk();

it('a command in a span has that span as its correlation', async () => {
  const store = its.watching.store(memoryEventStore({ now }));
  expect(its.watching.correlation()).toEqual({});
  await its.watching.job('charge', async () => {
    const metadata = its.watching.correlation();
    const { decision } = await execute(store, policy, stream, { ...assess('f1', '2.50'), metadata });
    expect(decision.events[0]?.metadata).toMatchObject(metadata);
  });
  const job = its.sdk.spans().find(({ name }) => name.endsWith('job'));
  const [found] = (await store.read(stream)).events;
  expect(found?.event.metadata?.correlationId).toContain(job?.spanContext().spanId);
});

it('events are linked to at most 128 spans, each once, and only to valid ones', () => {
  const event = (correlationId: string) => ({
    ...stream,
    version: 1,
    recordedAt: at,
    event: {
      type: 'FeeDisputed',
      data: { disputeId: 'd1', feeId: 'f1', at },
      metadata: { correlationId },
    } as const,
  });
  const id = (n: number) => `00-${String(n).padStart(32, '0')}-${'a'.repeat(16)}-01`;
  const many = Array.from({ length: 300 }, (_, n) => event(id(n)));
  expect(linksTo([...many, ...many])).toHaveLength(128);
  expect(linksTo([event('mail of 4711'), event(`${id(1)}\n`), event(id(2).toUpperCase())])).toEqual([]);
});
