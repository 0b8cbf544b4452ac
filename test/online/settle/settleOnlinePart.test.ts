import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  apartIn,
  back,
  begun,
  breakAccount,
  clerk,
  diesAfter,
  monitor,
  paymentOf,
  reconcile,
  row,
  type Shop,
  settlePart,
  taken,
} from '../shop.js';

const part = { kind: 'capture', externalTransactionId: 'ch_1', patronId: 'ann', what: 'apart' } as const;

/** A shop in which a capture of 15.50 waits, since the account of `ann` cannot be read. */
async function waiting(): Promise<readonly [shop: Shop, repair: () => void]> {
  const shop = await begun(ann);
  const repair = breakAccount(shop, 'ann');
  await shop.report('o1', taken('ch_1', '15.50'));
  return [shop, repair];
}

describe('settleOnlinePart', () => {
  it('settles a waiting part once: it no longer waits, and is posted to onlineApart', async () => {
    const [shop] = await waiting();
    expect((await monitor(shop)).byCurrency.USD?.takenAndNotRecorded).toBe('15.00');
    expect(await settlePart(shop, part)).toMatchObject({ accepted: true, isRepeat: false });
    expect(await settlePart(shop, part)).toMatchObject({ accepted: true, isRepeat: true });
    expect((await monitor(shop)).findings.count).toBe(0);
    expect(await apartIn(shop)).toEqual([-1_500, 0]);
  });

  it('posts a settled part once, however often it is settled', async () => {
    const [shop] = await waiting();
    for (const what of ['apart', 'record', 'apart'] as const)
      expect(await settlePart(shop, { ...part, what })).toMatchObject({ accepted: true, isRepeat: false });
    expect(await apartIn(shop)).toEqual([-1_500, 0]);
  });

  it('first tries to record the part once more', async () => {
    const [shop, repair] = await waiting();
    repair();
    expect(await settlePart(shop, part)).toMatchObject({ rejection: { type: 'PartRecorded' } });
    expect([await active(shop, 'ann'), await apartIn(shop)]).toEqual(['0.00', [0, 0]]);
  });

  it('takes the settlement back if the account records the payment later', async () => {
    const [shop, repair] = await waiting();
    await settlePart(shop, part);
    repair();
    // Nothing is there, so it stays apart.
    await monitor(shop);
    expect([await active(shop, 'ann'), await apartIn(shop)]).toEqual(['15.00', [-1_500, 0]]);
    const posted = { externalTransactionId: 'ch_1', method: 'ONLINE', overpayment: 'credit' } as const;
    await shop.give('ann', {
      type: 'ReceivePayment',
      id: 'portal',
      amount: '6.00',
      ...posted,
      at: '2026-03-02T09:00:00Z',
    });
    await monitor(shop);
    expect([await active(shop, 'ann'), await apartIn(shop)]).toEqual(['0.00', [0, 0]]);
  });

  it('finds the payment in the account if a process died before recording it', async () => {
    const shop = await begun(ann);
    // The transaction, the payment, the account: not that it is recorded.
    expect(await diesAfter(shop, 3, () => shop.report('o1', taken('ch_1', '15.50')))).toBe(true);
    const repair = breakAccount(shop, 'ann');
    expect(await settlePart(shop, part)).toMatchObject({ accepted: true });
    repair();
    await monitor(shop);
    expect([await apartIn(shop), (await paymentOf(shop))?.recorded.length]).toEqual([[0, 0], 1]);
  });

  it('also settles a return of a capture that is settled as apart, and only while it is', async () => {
    const [shop, repair] = await waiting();
    await settlePart(shop, part);
    await shop.report('o1', back('re_1', 'ch_1', '4.00'));
    expect((await paymentOf(shop))?.settled.at(-1)).toMatchObject({
      what: 'follows',
      kind: 'return',
      amount: '4.00',
    });
    expect(await apartIn(shop)).toEqual([-1_100, 0]);
    repair();
    expect(await settlePart(shop, { ...part, what: 'record' })).toMatchObject({ accepted: true });
    await monitor(shop);
    expect([await active(shop, 'ann'), await apartIn(shop)]).toEqual(['4.00', [0, 0]]);
    expect((await monitor(shop)).findings.count).toBe(0);
  });

  it('also settles a return of the capture that a person had decided to record', async () => {
    const [shop] = await waiting();
    await shop.report('o1', back('re_1', 'ch_1', '4.00'));
    const returned = { ...part, kind: 'return', externalTransactionId: 're_1' } as const;
    expect(await settlePart(shop, { ...returned, what: 'record' })).toMatchObject({ accepted: true });
    expect(await settlePart(shop, part)).toMatchObject({ accepted: true });
    expect((await monitor(shop)).findings.count).toBe(0);
    expect((await paymentOf(shop))?.settled.at(-1)).toMatchObject({ what: 'follows', kind: 'return' });
    expect(await apartIn(shop)).toEqual([-1_100, 0]);
  });

  it('keeps a won chargeback waiting: a patron who got cash would get the money twice', async () => {
    const shop = await begun(ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    const repair = breakAccount(shop, 'ann');
    await shop.report('o1', back('du_1', 'ch_1', '15.00', { kind: 'chargeback' }));
    await settlePart(shop, { ...part, kind: 'return', externalTransactionId: 'du_1' });
    repair();
    const won = await shop.report('o1', taken('won_1', '15.00'));
    expect(won.waiting).toMatchObject([{ because: { type: 'AfterSettled' } }]);
    expect((await monitor(shop)).findings.byCode).toEqual({ TAKEN_NOT_RECORDED: 1 });
    const wonPart = { ...part, externalTransactionId: 'won_1' };
    expect(await settlePart(shop, wonPart)).toMatchObject({ accepted: true });
    expect([(await monitor(shop)).findings.count, await apartIn(shop)]).toEqual([0, [0, 0]]);
    expect(await settlePart(shop, { ...wonPart, what: 'record' })).toMatchObject({ accepted: true });
    expect((await shop.account('ann')).credits).toMatchObject([{ amount: 1_500 }]);
  });

  it('settles findings of rows and of excess amounts, only for the sums at that time', async () => {
    const shop = await begun(ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    await reconcile(shop, row('r1', '14.50'));
    const rows = { kind: 'capture', externalTransactionId: 'ch_1', what: 'rows' } as const;
    expect((await monitor(shop)).findings.byCode).toEqual({ AMOUNT_DIFFERS: 1 });
    expect(await settlePart(shop, rows)).toMatchObject({ accepted: true, isRepeat: false });
    expect(await settlePart(shop, rows)).toMatchObject({ accepted: true, isRepeat: true });
    expect((await monitor(shop)).findings.count).toBe(0);
    await reconcile(shop, row('r2', '3.00'));
    expect((await monitor(shop)).findings.byCode).toEqual({ AMOUNT_DIFFERS: 1 });

    await shop.report('o1', taken('ch_2', '2.00'));
    expect((await monitor(shop)).findings.byCode).toMatchObject({ CAPTURED_ABOVE_TOTAL: 1 });
    expect(await settlePart(shop, { ...rows, what: 'aboveTotal' })).toMatchObject({ accepted: true });
    expect((await monitor(shop)).findings.byCode).toEqual({ AMOUNT_DIFFERS: 1 });
    // Neither posts anything.
    expect(await apartIn(shop)).toEqual([0, 1_750]);
  });

  it('needs the role, a payment, a transaction and a part', async () => {
    const shop = await begun(ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    const refusals = [
      await settlePart(shop, { ...part, by: clerk }),
      await settlePart(shop, { ...part, onlinePaymentId: 'o9' }),
      await settlePart(shop, { ...part, externalTransactionId: 'ch_9' }),
      await settlePart(shop, { ...part, patronId: 'ben' }),
      await settlePart(shop, part),
    ].map((one) => (one.accepted ? null : one.rejection.type));
    expect(refusals).toEqual([
      'MayNotSettle',
      'OnlinePaymentUnknown',
      'PartUnknown',
      'PartUnknown',
      'PartRecorded',
    ]);
    const { patronId: _patron, ...nobody } = part;
    await expect(settlePart(shop, nobody)).rejects.toThrow('patronId');
  });
});
