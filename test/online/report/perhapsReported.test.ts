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
} from '../shop.js';

const findingsOf = async (shop: Shop, ...rows: readonly PayoutRow[]) =>
  (await reconcile(shop, ...rows)).findings.byCode;

const monitored = async (shop: Shop) => (await monitor(shop)).findings.byCode;

describe('a capture that its payout and the program name by different ids', () => {
  const webhook = (shop: Shop) => shop.report('o1', taken('ch_1', '19.50'));
  const payout = (shop: Shop) => findingsOf(shop, row('r1', '19.50', { transaction: 'pi_1' }));
  const orders = [
    ['row first', payout, webhook],
    ['report first', webhook, payout],
  ] as const;

  it.each(orders)(
    'is recorded once if the first process dies between any two writes: %s',
    async (_order, first, second) => {
      for (let writes = 0, died = true; died; writes += 1) {
        const shop = await begun();
        died = await diesAfter(shop, writes, () => first(shop));
        await second(shop);
        await endsOnce(shop, `after ${writes} writes`);
      }
    },
  );

  it.each(orders)(
    'is recorded once if the second one comes between any two writes: %s',
    async (_order, first, second) => {
      for (let writes = 0, met = true; met; writes += 1) {
        const shop = await begun();
        met = await meetsAfter(shop, writes, () => first(shop), second);
        await endsOnce(shop, `after ${writes} writes`);
      }
    },
  );

  /** Everything comes again, and the monitor runs: one capture, and a person hears of the other id. */
  async function endsOnce(shop: Shop, where: string): Promise<void> {
    await monitored(shop);
    for (const _ of [1, 2]) {
      const refused = rejectionsOf(await webhook(shop));
      const found = await payout(shop);
      const [only] = await capturesOf(shop);
      expect([await capturesOf(shop), refused, found], where).toEqual(
        only === 'ch_1' ? [['ch_1'], [], { PERHAPS_REPORTED: 1 }] : [['pi_1'], ['PerhapsReported'], {}],
      );
      await monitored(shop);
    }
    expect([await active(shop, 'ann'), await active(shop, 'ben')], where).toEqual(['0.00', '0.00']);
  }
});

describe('a capture of which a process had written only the first copy', () => {
  it('is recorded by its own row if it differs from the capture of the first row', async () => {
    const shop = await begun();
    expect(await diesAfter(shop, 1, () => shop.report('o1', taken('ch_1', '19.50')))).toBe(true);
    await findingsOf(shop, row('r1', '19.50', { transaction: 'pi_1' }));
    expect(await monitored(shop)).toEqual({ REPORT_REFUSED: 1 });
    expect(await findingsOf(shop, row('r2', '19.50', { transaction: 'ch_1' }))).toEqual({});
    expect(await capturesOf(shop)).toEqual(['pi_1', 'ch_1']);
  });

  it('is recorded by its own row although another capture is reported that is in no payout', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    expect(await diesAfter(shop, 1, () => shop.report('o1', taken('ch_2', '19.50')))).toBe(true);
    expect(await findingsOf(shop, row('r2', '19.50', { transaction: 'ch_2' }))).toEqual({});
    expect(await capturesOf(shop)).toEqual(['ch_1', 'ch_2']);
  });

  it('is not recorded from a row that has been recorded under another id', async () => {
    const shop = await begun();
    expect(
      await diesAfter(shop, 1, () => findingsOf(shop, row('r1', '19.50', { transaction: 'pi_1' }))),
    ).toBe(true);
    await shop.report('o1', taken('ch_1', '19.50'));
    expect(await findingsOf(shop, row('r1', '19.50', { transaction: 'ch_1' }))).toEqual({});
    expect(await monitored(shop)).toEqual({ REPORT_REFUSED: 1 });
    expect(await capturesOf(shop)).toEqual(['ch_1']);
  });
});

describe('a capture of another amount, of which more than the total would be taken', () => {
  const ofRow = (amount: string) => [row('r1', amount, { transaction: 'ch_2' })] as const;

  it.each([
    ['5.00', ['ch_1', 'ch_2']],
    ['5.01', ['ch_1']],
  ])(
    'is compared with the total less what was returned: %s after a return of 5.00',
    async (amount, captures) => {
      const told = await begun();
      await told.report('o1', taken('ch_1', '19.50'));
      await told.report('o1', back('re_1', 'ch_1', '5.00'));
      const found = await findingsOf(told, ...ofRow(amount));
      const paidOut = await begun();
      await findingsOf(paidOut, row('r1', '19.50'));
      await paidOut.report('o1', back('re_1', 'ch_1', '5.00'));
      const refused = rejectionsOf(await paidOut.report('o1', taken('ch_2', amount)));
      const isRefused = captures.length === 1;
      expect([found, refused]).toEqual(isRefused ? [{ PERHAPS_REPORTED: 1 }, ['PerhapsReported']] : [{}, []]);
      expect([await capturesOf(told), await capturesOf(paidOut)]).toEqual([captures, captures]);
    },
  );
});
