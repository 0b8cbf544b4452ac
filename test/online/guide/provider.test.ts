// The guide of online payments, followed word for word: the provider's page, amounts, debits, the monitor, stores.
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import {
  heldOnline,
  loadOnlinePayment,
  type OnlineStores,
  onlinePaymentStatus,
  reportOnlinePayment,
  runOnlinePayments,
} from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { at, institution, minutesLater, serveGuide } from './servedGuide.js';

const { now, begin, deliver, figures, give, id, payment, start } = serveGuide('provider');

const MINUTES_OF_DAY = 24 * 60;
type Page = Awaited<ReturnType<typeof begin>>;

const succeeded = (page: Page, created = at) =>
  now.standIn.intentOf(page, 'succeeded', { status: 'succeeded' }, created);
const processing = (page: Page, created = at) =>
  now.standIn.intentOf(page, 'processing', { status: 'processing' }, created);
const failed = (page: Page, created: string, type = 'sepa_debit') => {
  const error = {
    status: 'requires_payment_method',
    last_payment_error: { payment_method: { type } },
  } as const;
  return now.standIn.intentOf(page, 'payment_failed', error, created);
};
const statusAt = async (time: string) => onlinePaymentStatus(await payment(), time);
const typeOf = (started: Awaited<ReturnType<typeof start>>) =>
  started.accepted ? 'accepted' : started.rejection.type;

describe('the page of the provider', () => {
  it('has the total in the smallest unit, and a code in lower case', async () => {
    const { fields } = await begin();
    expect(fields).toMatchObject({
      'line_items[0][price_data][unit_amount]': '1300',
      'line_items[0][price_data][currency]': 'usd',
      'line_items[0][quantity]': '1',
    });
  });

  it('copies its metadata to the payment intent, which webhooks about money name', async () => {
    const { data } = JSON.parse(succeeded(await begin()).body);
    expect(data.object.metadata).toEqual({ onlinePaymentId: id() });
  });

  it('is the same page if the same form is sent twice, even from two tabs', async () => {
    const page = await begin('first');
    expect([(await begin('first')).id, (await begin('second')).id]).toEqual([page.id, page.id]);
  });

  it('expires with the payment', async () => {
    const { fields } = await begin();
    expect(Number(fields.expires_at) * 1000).toBe(Date.parse((await payment()).expiresAt));
  });

  it.each([
    [31, true],
    [1440, true],
    [29, false],
    [1441, false],
  ])('that expires after %d minutes can be opened: %s', async (expiresAfterMinutes, isOpened) => {
    const opened = begin('o', { expiresAfterMinutes });
    await (isOpened ? opened : expect(opened).rejects.toThrow('between 30 minutes and 24 hours'));
  });

  it('can fail to open: the fees are free again once the failure is reported', async () => {
    now.standIn.state.isDown = true;
    await expect(begin()).rejects.toThrow('not now');
    expect(typeOf(await start('next', { parts: [{ patronId: now.patronId, feeId: 'f1' }] }))).toBe(
      'PaymentInProgress',
    );
    const ended = { cause: 'failed', final: false } as const;
    const { stores, policy } = now.guide;
    await reportOnlinePayment(stores, policy, { institution, onlinePaymentId: id(), ended, at });
    now.standIn.state.isDown = false;
    expect(await begin('next')).toBeDefined();
  });

  it('is not opened for another total than the one that was shown', async () => {
    expect(typeOf(await start('o', { expectedTotal: '12.50' }))).toBe('AmountChanged');
    expect(await payment()).toBeNull();
    expect(typeOf(await start('o', { expectedTotal: '13.00' }))).toBe('accepted');
  });

  it('that has expired ends the payment: the provider is not asked about it', async () => {
    const page = await begin();
    const session = { id: page.id, client_reference_id: page.fields.client_reference_id, metadata: {} };
    expect(await deliver(now.standIn.sign('checkout.session.expired', session, minutesLater(60)))).toBe(200);
    expect((await payment()).ended).toMatchObject({ cause: 'expired', final: true });
  });
});

describe('amounts', () => {
  it.each([
    ['13.00', 'USD', 1300, '13'],
    ['13.50', 'USD', 1350, '13.50'],
    ['0.29', 'USD', 29, '0.29'],
    ['1300', 'JPY', 1300, '1300'],
    ['5.120', 'KWD', 5120, '5.120'],
    ['13', 'ISK', 1300, '13'],
    ['13', 'UGX', 1300, '13'],
    ['1300.00', 'MGA', 1300, '1300'],
  ])('of %s %s are %d at the provider, and are converted back', (amount, code, minor, back) => {
    const { toMinor, fromMinor } = now.guide;
    expect([toMinor(amount, code), fromMinor(minor, code.toLowerCase())]).toEqual([minor, back]);
  });

  it('that were sent in minor units by mistake become a credit, which the next run of the monitor reports', async () => {
    await begin();
    const captures = [{ externalTransactionId: id('pi'), amount: '1300.00', currency: 'usd' }];
    const { stores, policy, monitor } = now.guide;
    await reportOnlinePayment(stores, policy, { institution, onlinePaymentId: id(), captures, at });
    expect(await figures()).toEqual(['0.00', 128_700]);
    const { findings } = await monitor(at);
    expect(findings.first).toMatchObject([{ code: 'CAPTURED_ABOVE_TOTAL', onlinePaymentId: id() }]);
    // Settled, so that the runs of other tests find nothing.
    const back = { externalTransactionId: id('re'), of: id('pi'), kind: 'refund', amount: '1287' } as const;
    const returns = [{ ...back, currency: 'USD' }];
    await reportOnlinePayment(stores, policy, { institution, onlinePaymentId: id(), returns, at });
    expect((await monitor(at)).findings.count).toBe(0);
  });
});

describe('a debit', () => {
  it('holds its fees for days, and prevents a second payment', async () => {
    expect(await deliver(processing(await begin()))).toBe(200);
    const day3 = minutesLater(3 * MINUTES_OF_DAY);
    expect(await statusAt(day3)).toBe('pending');
    const starts = [
      await start('o', { at: day3 }),
      await start('same', { at: day3 }),
      await start('other', { at: day3, replace: true }),
      await start('one', { at: day3, replace: true, parts: [{ patronId: now.patronId, feeId: 'f1' }] }),
    ];
    expect(starts.map(typeOf)).toEqual(Array(4).fill('PaymentInProgress'));
    const { office } = now.guide.stores;
    const held = await heldOnline(office, { institution, patronId: now.patronId, at: day3 });
    const until = '2026-03-30T09:00:00.000Z';
    expect(held).toMatchObject([
      { feeId: 'f1', onlinePaymentId: id(), until, isPending: true },
      { feeId: 'f2', amount: '10.00' },
    ]);
    expect(await statusAt(until)).toBe('ended');
  });

  it('that fails frees its fees; the message that it is under way does not hold them again', async () => {
    const page = await begin();
    const early = processing(page);
    await deliver(early);
    await deliver(failed(page, minutesLater(2 * MINUTES_OF_DAY)));
    for (const late of [early, processing(page, minutesLater(MINUTES_OF_DAY))]) await deliver(late);
    const day3 = minutesLater(3 * MINUTES_OF_DAY);
    expect(await statusAt(day3)).toBe('ended');
    expect(typeOf(await start('next', { at: day3 }))).toBe('accepted');
  });

  it('that is begun again on the same page holds them again', async () => {
    const page = await begin();
    await deliver(processing(page));
    await deliver(failed(page, minutesLater(10)));
    await deliver(processing(page, minutesLater(20)));
    expect(await statusAt(minutesLater(30))).toBe('pending');
  });

  it('continues when another tab is cancelled, and is recorded', async () => {
    const page = await begin();
    await deliver(processing(page));
    const ended = { cause: 'cancelled', final: false } as const;
    const { stores, policy } = now.guide;
    await reportOnlinePayment(stores, policy, {
      institution,
      onlinePaymentId: id(),
      ended,
      at: minutesLater(5),
    });
    expect(await statusAt(minutesLater(MINUTES_OF_DAY))).toBe('pending');
    await deliver(succeeded(page, minutesLater(3 * MINUTES_OF_DAY)));
    expect([await statusAt(minutesLater(3 * MINUTES_OF_DAY)), await figures()]).toEqual([
      'recorded',
      ['0.00', 0],
    ]);
  });

  it('becomes a credit if the desk takes cash for the same fees', async () => {
    const page = await begin();
    await deliver(processing(page));
    await give({ type: 'ReceivePayment', id: 'cash', amount: '12.50', method: 'CASH', at: minutesLater(60) });
    await deliver(succeeded(page, minutesLater(3 * MINUTES_OF_DAY)));
    expect(await figures()).toEqual(['0.00', 1250]);
  });

  it('is not affected by a declined card: the patron can try another card on the same page', async () => {
    const page = await begin();
    await deliver(failed(page, minutesLater(1), 'card'));
    expect(await statusAt(minutesLater(2))).toBe('started');
    await deliver(succeeded(page, minutesLater(3)));
    expect(await figures()).toEqual(['0.00', 0]);
  });

  it('that is cancelled at the provider is final', async () => {
    const page = await begin();
    await deliver(now.standIn.intentOf(page, 'canceled', { status: 'canceled' }));
    expect((await payment()).ended).toMatchObject({ cause: 'cancelled', final: true });
  });
});

describe('money that goes back', () => {
  const refund = (page: Page, more: object = {}) => ({
    id: `re_${page.id}`,
    charge: `ch_${page.id}`,
    amount: 500,
    currency: 'usd',
    status: 'succeeded',
    ...more,
  });

  it('is found by its capture, even if it is reported before the capture', async () => {
    const page = await begin();
    const created = now.standIn.sign('refund.created', refund(page));
    expect([await deliver(created), await deliver(succeeded(page))]).toEqual([200, 200]);
    expect((await now.guide.monitor(at)).findings.count).toBe(0);
    expect(await figures()).toEqual(['5.00', 0]);
    expect(await deliver(now.standIn.sign('refund.updated', refund(page)))).toBe(200);
    expect(await figures()).toEqual(['5.00', 0]);
  });

  it('is reported once the refund has succeeded, and a chargeback at once', async () => {
    const page = await begin();
    await deliver(succeeded(page));
    await deliver(now.standIn.sign('refund.created', refund(page, { status: 'pending' })));
    expect(await figures()).toEqual(['0.00', 0]);
    const dispute = refund(page, { id: `du_${page.id}`, amount: 1300, status: 'needs_response' });
    await deliver(now.standIn.sign('charge.dispute.funds_withdrawn', dispute));
    expect(await figures()).toEqual(['12.50', 0]);
  });
});

describe('the monitor', () => {
  /** After the runs of the guide itself. */
  const later = minutesLater(200);

  /** Begins a payment later. */
  function beginLater() {
    now.standIn.state.now = later;
    return begin('o', { at: later });
  }

  it('finds payments that no webhook reported, by the metadata of the payment intent', async () => {
    succeeded(await beginLater(), later);
    expect(await figures()).toEqual(['12.50', 0]);
    const report = await now.guide.monitor(minutesLater(260));
    expect(report.findings.count).toBe(0);
    expect(await figures()).toEqual(['0.00', 0]);
    expect(now.guide.receipts).toContain(`${now.patronId}: 12.50`);
  });

  it('does not end a debit as expired, and repeated answers of the provider change nothing', async () => {
    const page = await beginLater();
    await deliver(processing(page, minutesLater(230)));
    for (const minutes of [261, 266, 276, 200 + 25 * 60]) await now.guide.monitor(minutesLater(minutes));
    const { ended, pendings } = await payment();
    expect([ended, pendings.length]).toEqual([null, 2]);
    await deliver(succeeded(page, minutesLater(2_000)));
    expect(await figures()).toEqual(['0.00', 0]);
  });

  it('reads no finished payment, with the cursor of its last report', async () => {
    await deliver(succeeded(await begin()));
    expect((await now.guide.monitor(at)).payments).toBeGreaterThan(0);
    const { payments } = await now.guide.monitor(at);
    await give({ type: 'AssessFee', id: 'f3', feeType: 'OTHER', amount: '9', owner: 'MAIN', at });
    expect(typeOf(await start('open'))).toBe('accepted');
    expect((await now.guide.monitor(at)).payments).toBe(payments + 1);
  });

  it('reads everything again without the cursor, and records nothing twice', async () => {
    await deliver(succeeded(await begin()));
    const { stores, policy } = now.guide;
    const patron = { institution, patronId: now.patronId };
    const { account } = await loadAccount(stores.accounts, patron);
    await now.guide.monitor(at);
    const some = await now.guide.monitor(at);
    const all = await runOnlinePayments(stores, policy, { institution, at, after: null });
    expect(all.payments).toBeGreaterThan(some.payments + 10);
    expect((await loadAccount(stores.accounts, patron)).account).toEqual(account);
  });
});

describe('the stores', () => {
  it('of the office is refused without its codec', async () => {
    const { accounts } = now.guide.stores;
    const office = memoryEventStore({ now: () => at }) as never;
    await expect(start('o', {}, { accounts, office })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('can keep accounts and office in two files', async () => {
    const lasting: OnlineStores = now.guide.lasting;
    const { policy } = now.guide;
    const patron = { institution, patronId: now.patronId };
    const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '10', owner: 'MAIN', at } as const;
    await execute(now.guide.lasting.accounts, policy, patron, fee);
    expect(await start('o', {}, lasting)).toMatchObject({ accepted: true });
    const captures = [{ externalTransactionId: id('pi'), amount: '10.50', currency: 'USD' }];
    const report = { institution, onlinePaymentId: id(), captures, at };
    expect(await reportOnlinePayment(lasting, policy, report)).toMatchObject({ accepted: true });
    expect(await figures(now.guide.lasting)).toEqual(['0.00', 0]);
    const found = await loadOnlinePayment(lasting.office, { institution, onlinePaymentId: id() });
    expect(found?.recorded).toHaveLength(1);
    expect((await now.guide.lasting.accounts.accounts()).accounts).toEqual([patron]);
  });
});
