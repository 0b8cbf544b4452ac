import { describe, expect, it } from 'vitest';
import { active, back, begun, rejectionsOf, taken } from '../shop.js';

describe('reportCapture', () => {
  it('records once a report that comes twice', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    const before = await shop.account('ann');
    expect(await shop.report('o1', taken('ch_1', '19.5'))).toMatchObject({ accepted: true });
    expect(await shop.account('ann')).toEqual(before);
  });

  it('refuses a wrong currency, and records the rest of the report', async () => {
    const shop = await begun();
    const captures = [
      ...(taken('ch_1', '19.50', 'EUR').captures ?? []),
      ...(taken('ch_2', '19.50').captures ?? []),
    ];
    const result = await shop.report('o1', { captures });
    expect(rejectionsOf(result)).toEqual(['ReportInOtherCurrency']);
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it.each(['-5.00', '0.00', '1e3', '5.001', ''])('refuses the amount %j', async (amount) => {
    const shop = await begun();
    expect(rejectionsOf(await shop.report('o1', taken('ch_1', amount)))).toEqual(['InvalidOnlinePayment']);
    expect(await active(shop, 'ann')).toBe('15.00');
  });

  it('refuses a capture that is reported again with another amount', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    expect(rejectionsOf(await shop.report('o1', taken('ch_1', '20.00')))).toEqual(['ReportDiffers']);
  });

  it('makes the second of two transactions a credit of the payer', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    const { payment } = await shop.report('o1', taken('ch_2', '19.50'));
    expect(payment?.recorded.at(-1)).toMatchObject({ patronId: 'ann', amount: '19.50', credited: '19.50' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['-19.50', '0.00']);
  });

  it('records a chargeback that was won as a separate capture', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    await shop.report('o1', back('dp_1', 'ch_1', '15.50', { kind: 'chargeback' }));
    expect(await active(shop, 'ann')).toBe('15.00');
    const { payment } = await shop.report('o1', taken('dp_1', '15.50'));
    expect(payment?.captures[1]).toMatchObject({ serviceFee: '0.50' });
    expect(await active(shop, 'ann')).toBe('0.00');
  });
});
