import { describe, expect, it } from 'vitest';
import { active, back, begun, rejectionsOf, type Shop, taken } from './shop.js';

/** Reports a capture of `o1` with other ids of it. */
const named = (shop: Shop, externalTransactionId: string, ...otherIds: string[]) => {
  const capture = { externalTransactionId, amount: '19.50', currency: 'USD' };
  return shop.report('o1', { captures: [{ ...capture, ...(otherIds.length > 0 && { otherIds }) }] });
};

describe('ownTransaction', () => {
  it('refuses one transaction that is reported for two payments', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    const result = await shop.report('o2', taken('ch_1', '15.50'));
    expect(result.rejections).toEqual([
      {
        type: 'TransactionOfOtherPayment',
        kind: 'conflict',
        externalTransactionId: 'ch_1',
        onlinePaymentId: 'o1',
      },
    ]);
  });

  it.each([
    [['pi_1', 'ch_1'], ['ch_1']],
    [['pi_1'], ['ch_1', 'pi_1']],
    [
      ['pi_1', 'ch_1'],
      ['ch_1', 'pi_1'],
    ],
    [['ch_1', 'ch_1', 'pi_1', 'pi_1'], ['pi_1']],
  ])('recognises a capture that is reported as %j and as %j as one capture', async (first, second) => {
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as [string[], string[]][]) {
      const shop = await begun();
      const steps = [one, other, one, other, ['ch_1'], ['pi_1']];
      for (const ids of steps)
        expect(await named(shop, ids[0] as string, ...ids.slice(1))).toMatchObject({ accepted: true });
      const { payment } = await shop.report('any', back('re_1', 'ch_1', '4.00'));
      expect([payment?.captures.length, payment?.returns.length]).toEqual([1, 1]);
      expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '4.00']);
    }
  });

  it('accepts a return that names its capture by other ids', async () => {
    const shop = await begun();
    await named(shop, 'pi_1');
    expect(rejectionsOf(await shop.report('any', back('re_1', 'ch_1', '4.00')))).toEqual(['CaptureUnknown']);
    const both = back('re_1', 'ch_1', '4.00', { otherIds: ['pi_1'] });
    expect(await shop.report('any', both)).toMatchObject({ accepted: true });
    expect(await active(shop, 'ben')).toBe('4.00');
  });

  it('treats two captures that share only another id as different', async () => {
    const shop = await begun();
    for (const id of ['ch_1', 'ch_2', 'ch_1']) await named(shop, id, 'pi_1');
    const { payment } = await named(shop, 'pi_1', 'ch_2');
    expect(payment?.captures.map((one) => one.externalTransactionId)).toEqual(['ch_1', 'ch_2']);
  });
});
