// The guide of online payments, followed word for word: its code answers webhooks over HTTP.
import { createServer } from 'node:http';
import express from 'express';
import { PatronFeesError } from 'patron-fees';
import { listOnlinePayments } from 'patron-fees/online';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at, doors, guideText, institution, serveGuide } from './servedGuide.js';
import type { Webhook } from './stripeStandIn.js';

const { now, begin, deliver, figures, give, id, listen, payment, send, start } = serveGuide('webhooks');

afterEach(() => void vi.restoreAllMocks());

/** A webhook about the money of a payment that is begun and paid. */
const paid = async (name?: string) =>
  now.standIn.intentOf(await begin(name), 'succeeded', { status: 'succeeded' });

/** A webhook with another payment intent. */
const withIntent = ({ body }: Webhook, more: object): Webhook => {
  const { type, data } = JSON.parse(body);
  return now.standIn.sign(type, { ...data.object, ...more });
};

async function keptCount(): Promise<number> {
  const { stores, policy } = now.guide;
  const lines = [];
  for await (const line of listOnlinePayments(stores, policy, { institution, at, states: ['kept'] }))
    lines.push(line);
  return lines.length;
}

/** How the webhooks in the table of the guide come about, by its first column. */
const rows: Readonly<Record<string, () => Promise<Webhook>>> = {
  'is accepted, or reported again': () => paid(),
  'is accepted, and an account cannot record its part yet (`waiting`)': async () => {
    const webhook = await paid();
    const { accounts } = now.guide.stores;
    const { read } = accounts;
    vi.spyOn(accounts, 'read').mockImplementation((stream, options) =>
      stream.patronId === now.patronId
        ? Promise.reject(new PatronFeesError('CORRUPT_HISTORY', 'it cannot be read'))
        : read(stream, options),
    );
    return webhook;
  },
  'is refused (`CaptureUnknown`, `OnlinePaymentUnknown`, `ReportDiffers` ...)': async () =>
    withIntent(await paid(), { metadata: { onlinePaymentId: 'unknown' } }),
  'is refused, and is recorded with its amount in another payment (`TransactionOfOtherPayment`)':
    async () => {
      const webhook = await paid();
      await deliver(webhook);
      await give({ type: 'AssessFee', id: 'f3', feeType: 'OTHER', amount: '9', owner: 'MAIN', at });
      await start('other');
      return withIntent(webhook, { metadata: { onlinePaymentId: id('other') } });
    },
  'is about no online payment': async () => now.standIn.sign('customer.created', {}),
  'has a part that cannot be read (`InvalidOnlinePayment`)': async () =>
    withIntent(await paid(), { currency: 'xyz' }),
  'has another signature': async () => ({ ...(await paid()), signature: 't=1,v1=00' }),
  'throws (a database that is away)': async () => {
    const webhook = await paid();
    vi.spyOn(now.guide.stores.office, 'append').mockRejectedValue(new Error('the database is away'));
    return webhook;
  },
};

/** The table of the guide: what a webhook is, whether it is kept, and the answer. */
const table = [...guideText.matchAll(/^\| ([^|]+) \| (no|yes)[^|]*\| (\d+)/gm)].map(
  ([, what = '', kept, status]) => ({ what, kept, status: Number(status) }),
);

it('these tests have a row for each answer in the guide', () => {
  expect(table.map(({ what }) => what)).toEqual(Object.keys(rows));
});

describe.each(doors)('in %s, a webhook', (door) => {
  it('is recorded once, however often it comes, with one receipt', async () => {
    const webhook = await paid();
    for (const _ of [1, 2]) expect(await deliver(webhook, door)).toBe(200);
    expect(await figures()).toEqual(['0.00', 0]);
    expect(now.guide.receipts).toEqual([`${now.patronId}: 12.50`]);
    expect((await payment()).ended).toMatchObject({ cause: 'completed', final: true });
  });

  it.each(table)('that $what: kept $kept, answered with $status', async ({ what, kept, status }) => {
    const before = await keptCount();
    const webhook = await (rows[what] as () => Promise<Webhook>)();
    const receipts = now.guide.receipts.length;
    expect(await deliver(webhook, door)).toBe(status);
    const isRecorded = now.guide.receipts.length > receipts;
    expect(isRecorded).toBe(what.startsWith('is accepted, or'));
    vi.restoreAllMocks();
    expect((await keptCount()) - before).toBe(kept === 'yes' ? 1 : 0);
  });

  it('is recorded when it is sent again after an answer of 500', async () => {
    const webhook = await (rows['throws (a database that is away)'] as () => Promise<Webhook>)();
    expect(await deliver(webhook, door)).toBe(500);
    vi.restoreAllMocks();
    expect([await deliver(webhook, door), await figures()]).toEqual([200, ['0.00', 0]]);
  });

  it('is not believed if its body was changed, or parsed and written again', async () => {
    const webhook = await paid();
    const again = JSON.stringify(JSON.parse(webhook.body));
    for (const body of [again, webhook.body.replace('1300', '9900')])
      expect(await deliver({ ...webhook, body }, door)).toBe(400);
    expect(await deliver({ ...webhook, signature: '' }, door)).toBe(400);
    expect(await figures()).toEqual(['12.50', 0]);
    expect(await deliver(webhook, door)).toBe(200);
  });
});

describe('the body of a webhook', () => {
  it('is taken away by a parser of JSON before its route in Express: every webhook is answered with 400', async () => {
    const wrong = express().use(express.json()).use(now.guide.app);
    const webhook = await paid();
    expect(await deliver(webhook, await listen(createServer(wrong)))).toBe(400);
    expect(await figures()).toEqual(['12.50', 0]);
  });

  it.each(['Express', 'Fastify'])('is unchanged in %s, and other routes get parsed JSON', async (door) => {
    expect(await send(door, { a: 1 })).toBe('{"a":1}');
    expect(await deliver(await paid(), door)).toBe(200);
  });
});
