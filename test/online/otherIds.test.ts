import type { PayoutRow } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  back,
  begun,
  capturesOf,
  diesAfter,
  meetsAfter,
  monitor,
  reconcile,
  rejectionsOf,
  row,
  type Shop,
  taken,
} from './shop.js';

const findingsOf = async (shop: Shop, ...rows: readonly PayoutRow[]) =>
  (await reconcile(shop, ...rows)).findings.byCode;

/** A capture with other ids of it. */
const captured = (externalTransactionId: string, amount: string, ...otherIds: readonly string[]) => ({
  ...{ externalTransactionId, amount, currency: 'USD' },
  ...(otherIds.length > 0 && { otherIds }),
});

describe('a capture that was refused, since one of its amount was recorded from a row', () => {
  // The streams of ids are written in the order of the alphabet.
  const names = [
    ['A_1', 'ch_1'],
    ['ch_1', 'A_1'],
    ['pi_1', 'ch_1'],
    ['ch_1', 'pi_1'],
  ] as const;

  it.each(names)(
    'is recorded once if a report names both ids: the row has %s, the program has %s',
    async (ofRow, told) => {
      for (const isRace of [false, true]) {
        const shop = await begun();
        const webhook = () => shop.report('o1', taken(told, '19.50'));
        const payout = () => findingsOf(shop, row('r1', '19.50', { transaction: ofRow }));
        if (isRace) await meetsAfter(shop, 1, webhook, payout);
        else {
          await diesAfter(shop, 1, webhook);
          await payout();
        }
        const both = await shop.report('o1', { captures: [captured(told, '19.50', ofRow)] });
        expect([rejectionsOf(both), await capturesOf(shop)]).toEqual([[], [ofRow]]);
        const returned = await shop.report('any', back('re_1', told, '4.00', { otherIds: [ofRow] }));
        expect(rejectionsOf(returned)).toEqual([]);
        expect(await payout()).toEqual({});
        expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '4.00']);
      }
    },
  );

  it('is recorded once if one report has it with and without its other id', async () => {
    const shop = await begun();
    await findingsOf(shop, row('r1', '19.50'));
    const captures = [captured('pi_1', '19.50'), captured('ch_1', '19.50', 'pi_1')];
    await shop.report('o1', { captures });
    expect(await capturesOf(shop)).toEqual(['ch_1']);
  });

  it('is found by the row of a refund that has both ids', async () => {
    const shop = await begun();
    await diesAfter(shop, 1, () => shop.report('o1', taken('ch_1', '19.50')));
    await findingsOf(shop, row('r1', '19.50', { transaction: 'pi_1' }));
    const refund = { type: 'refund', transaction: 're_1', of: 'ch_1', otherIds: ['pi_1'] } as const;
    expect(await findingsOf(shop, row('r2', '-4.00', refund))).toEqual({});
    expect(await active(shop, 'ben')).toBe('4.00');
  });
});

describe('other ids of a report that is refused', () => {
  it('have no effect if they belong to another payment, so that the report can be corrected', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('pi_1', '15.50'));
    const wrong = await shop.report('o2', { captures: [captured('ch_2', '4.50', 'pi_1')] });
    expect(rejectionsOf(wrong)).toEqual(['TransactionOfOtherPayment']);
    expect(rejectionsOf(await shop.report('o2', taken('ch_2', '4.50')))).toEqual([]);
    expect([await capturesOf(shop), await capturesOf(shop, 'o2')]).toEqual([['pi_1'], ['ch_2']]);
  });

  it('have no effect if they belong to another amount, so that the report can be corrected', async () => {
    const shop = await begun();
    await shop.report('o1', taken('pi_1', '15.50'));
    const wrong = await shop.report('o1', { captures: [captured('ch_2', '4.00', 'pi_1')] });
    expect(rejectionsOf(wrong)).toEqual(['ReportDiffers']);
    expect(rejectionsOf(await shop.report('o1', taken('ch_2', '4.00')))).toEqual([]);
    expect(await findingsOf(shop, row('r2', '4.00', { transaction: 'ch_2' }))).toEqual({});
    expect(await capturesOf(shop)).toEqual(['pi_1', 'ch_2']);
  });

  it.each([
    ['a', 'b', '10.00'],
    ['b', 'a', '9.50'],
  ])('are compared after the first id: %s and %s are two captures', async (id, other, amount) => {
    const shop = await begun();
    await shop.report('o1', taken('a', '10.00'));
    await shop.report('o1', taken('b', '9.50'));
    const again = await shop.report('o1', { captures: [captured(id, amount, other)] });
    expect([rejectionsOf(again), await capturesOf(shop)]).toEqual([[], ['a', 'b']]);
  });

  it('are at most 20', async () => {
    const shop = await begun();
    const ids = Array.from({ length: 21 }, (_, index) => `pi_${index}`);
    expect(rejectionsOf(await shop.report('o1', { captures: [captured('ch_1', '19.50', ...ids)] }))).toEqual([
      'InvalidOnlinePayment',
    ]);
    const most = await shop.report('o1', { captures: [captured('ch_1', '19.50', ...ids.slice(1))] });
    expect(rejectionsOf(most)).toEqual([]);
  });
});

describe('a row of a capture whose other ids were told later', () => {
  it.each([{}, { otherIds: ['pi_1'] }])('is a repeat when it is read again: %j', async (named) => {
    const shop = await begun();
    await shop.report('o1', taken('pi_1', '19.50'));
    await shop.report('o1', { captures: [captured('ch_1', '19.50', 'pi_1')] });
    for (const _ of [1, 2, 3]) expect(await findingsOf(shop, row('r1', '19.50', named))).toEqual({});
  });

  it('is recorded if its money came back for another capture', async () => {
    const shop = await begun();
    await shop.report('o1', taken('pi_1', '19.50'));
    await shop.report('o1', back('re_1', 'pi_1', '4.00'));
    await shop.report('o1', taken('failed_1', '4.00'));
    await shop.report('o1', { captures: [captured('failed_1', '4.00', 'txn_3')] });
    for (const _ of [1, 2])
      expect(await findingsOf(shop, row('r3', '4.00', { transaction: 'txn_3', of: 'pi_1' }))).toEqual({});
    expect(await capturesOf(shop)).toEqual(['pi_1', 'failed_1']);
  });

  it('is a finding if a report confused the money that came back with the capture itself', async () => {
    const shop = await begun();
    await shop.report('o1', { captures: [captured('pi_1', '19.50', 'ch_1')] });
    await shop.report('o1', back('du_1', 'pi_1', '19.50', { kind: 'chargeback' }));
    await shop.report('o1', { captures: [captured('txn_9', '19.50', 'pi_1')] });
    const won = { transaction: 'txn_9', of: 'pi_1', otherIds: ['ch_1'] };
    expect(await findingsOf(shop, row('r9', '19.50', won))).toEqual({ UNKNOWN_PAYMENT: 1 });
  });
});

it('a refused capture is one finding of the monitor, however many ids it has', async () => {
  const shop = await begun();
  await diesAfter(shop, 2, () => shop.report('o1', { captures: [captured('ch_1', '19.50', 'x')] }));
  await findingsOf(shop, row('r1', '19.50', { transaction: 'pi_1' }));
  const { findings } = await monitor(shop);
  expect(findings.byCode).toEqual({ REPORT_REFUSED: 1 });
});
