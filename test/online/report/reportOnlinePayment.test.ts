import { describe, expect, it } from 'vitest';
import { active, back, begun, rejectionsOf, taken } from '../shop.js';

describe('reportOnlinePayment', () => {
  it('pays the fees of a household in one payment, and keeps the service fee', async () => {
    const shop = await begun();
    const result = await shop.report('o1', taken('ch_1', '19.50'));
    expect(result).toMatchObject({ accepted: true, rejections: [], waiting: [] });
    expect(result.payment?.captures[0]).toMatchObject({ amount: '19.50', serviceFee: '0.50' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '0.00']);
  });

  it('refuses a report of an unknown payment', async () => {
    const shop = await begun();
    const result = await shop.report('o2', taken('ch_1', '19.50'));
    expect([rejectionsOf(result), result.payment]).toEqual([['OnlinePaymentUnknown'], null]);
  });

  it('records capture and return of one report in that order', async () => {
    const shop = await begun();
    const report = { ...back('re_1', 'ch_1', '4.00'), ...taken('ch_1', '19.50') };
    expect(await shop.report('o1', report)).toMatchObject({ accepted: true, waiting: [] });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '4.00']);
  });

  it('records once why a person reported a return and an end', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', taken('ch_1', '15.50'), { reason: 'The webhook was lost' });
    const told = { ...back('re_1', 'ch_1', '5.00'), ended: { cause: 'completed', final: true } as const };
    const { payment } = await shop.report('o1', told, { reason: 'Its page says so' });
    const why = { reason: 'Its page says so' };
    expect(payment).toMatchObject({ returns: [why], ended: why });
    expect(payment?.captures[0]).not.toHaveProperty('reason');
    const again = await shop.report('o1', told, { reason: 'Once more' });
    expect(again).toMatchObject({ accepted: true, payment });
    const invalid = shop.report('o1', told, { reason: 5 as never });
    expect(rejectionsOf(await invalid)).toEqual(['InvalidOnlinePayment']);
  });

  it('records money that comes after the payment ended, and keeps the first end', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', { ended: { cause: 'cancelled', final: true } });
    const { payment } = await shop.report('o1', {
      ...taken('ch_1', '15.50'),
      ended: { cause: 'expired', final: false },
    });
    expect(payment?.ended).toMatchObject({ cause: 'cancelled', final: true });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('records the other parts of a report in which some are malformed, and says which ones', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const captures = [taken('ch_0', '-1.00'), taken('ch_1', '15.50'), taken('ch_2', '1.005')];
    const returns = [
      back('re_0', 'ch_1', '0.00'),
      back('re_1', 'ch_1', '5.00'),
      back('re_2', 'ch_1', '1.005'),
    ];
    const result = await shop.report('o1', {
      captures: captures.flatMap((one) => one.captures ?? []),
      returns: [...returns.flatMap((one) => one.returns ?? []), null as never],
      ended: { cause: 'bored' as never, final: true },
    });
    const paths = result.rejections.map((one) => one.type === 'InvalidOnlinePayment' && one.faults[0]?.path);
    expect(paths).toEqual([
      'captures[0].amount',
      'captures[2].amount',
      'returns[0].amount',
      'returns[3]',
      'returns[2].amount',
      'ended.cause',
    ]);
    expect(result).toMatchObject({
      accepted: false,
      waiting: [],
      payment: { captures: [{}], returns: [{}] },
    });
    expect(result.payment?.ended).toBeNull();
    expect(await active(shop, 'ann')).toBe('5.00');
  });

  it('records nothing of a report whose parts are not lists', async () => {
    const shop = await begun();
    const result = await shop.report('o1', { captures: {} as never });
    expect([rejectionsOf(result), result.payment]).toEqual([['InvalidOnlinePayment'], null]);
  });
});
