import { reconcilePayouts, runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  at,
  back,
  begun,
  diesAfter,
  institution,
  monitor,
  paymentOf,
  reconcile,
  rejectionsOf,
  row,
  type Shop,
  taken,
} from './shop.js';

const charged = row('r1', '19.50', {});
const refunded = row('r2', '-4.00', { type: 'refund', transaction: 're_1', of: 'ch_1' });

const balances = async (shop: Shop) => [await active(shop, 'ann'), await active(shop, 'ben')];

describe('a capture that a program reports and a payout has', () => {
  it('is recorded once if processes die between any two writes', async () => {
    const webhook = (shop: Shop) => shop.report('o1', taken('ch_1', '19.50'));
    const refund = (shop: Shop) => shop.report('any', back('re_1', 'ch_1', '4.00'));
    const rows = (shop: Shop) => reconcile(shop, charged, refunded);
    const orders = [
      [rows, webhook, refund],
      [webhook, rows, refund],
      [webhook, refund, rows],
    ];
    for (const [number, order] of orders.entries()) {
      for (const victim of order.keys()) {
        for (let writes = 0, died = true; died; writes += 1) {
          const shop = await begun();
          for (const [index, step] of order.entries()) {
            if (index !== victim) await step(shop);
            else died = await diesAfter(shop, writes, () => step(shop));
          }
          await monitor(shop);
          for (const step of order) await step(shop);
          const payment = await paymentOf(shop);
          const found = [payment?.captures.length, payment?.returns.length, ...(await balances(shop))];
          const where = `order ${number}, step ${victim}, after ${writes} writes`;
          expect(found, where).toEqual([1, 1, '0.00', '4.00']);
          expect((await reconcile(shop, charged, refunded)).findings.byCode, where).toEqual({});
        }
      }
    }
  });
});

it('a refused capture is one finding of the monitor', async () => {
  const shop = await begun();
  await diesAfter(shop, 1, () => shop.report('o1', taken('ch_1', '19.50')));
  await reconcile(shop, row('r1', '19.50', { transaction: 'pi_1' }));
  expect((await monitor(shop)).findings.byCode).toEqual({ REPORT_REFUSED: 1 });
});

describe('a capture that was recorded from the row of a payout', () => {
  const nameless = row('r1', '19.50', { transaction: 'pi_1' });

  it('may be a capture reported by another id: that is refused, and recorded by its own row if it has one', async () => {
    const shop = await begun();
    await reconcile(shop, nameless);
    await shop.report('o1', back('re_1', 'pi_1', '4.00'));
    const told = await shop.report('o1', taken('ch_1', '19.50'));
    const perhaps = {
      type: 'PerhapsReported',
      externalTransactionId: 'ch_1',
      amount: '19.50',
      reported: 'pi_1',
    };
    expect(told.rejections).toMatchObject([perhaps]);
    expect(await balances(shop)).toEqual(['0.00', '4.00']);
    expect(await reconcile(shop, row('r2', '19.50', {}))).toMatchObject({
      reported: 1,
      findings: { count: 0 },
    });
    expect(await balances(shop)).toEqual(['-15.50', '0.00']);
    expect(await shop.report('o1', taken('ch_1', '19.50'))).toMatchObject({ accepted: true });
  });

  it('differs from a capture reported in the same report, but may equal one that would exceed the total', async () => {
    const shop = await begun();
    await reconcile(shop, nameless);
    const captures = ['pi_1', 'pi_2'].flatMap((id) => taken(id, '19.50').captures ?? []);
    expect(await shop.report('o1', { captures })).toMatchObject({ accepted: true });
    expect(rejectionsOf(await shop.report('o1', taken('pi_3', '1.00')))).toEqual(['PerhapsReported']);
  });

  it('may be reported again after all of it was returned; a won dispute is recorded by its own row', async () => {
    const shop = await begun();
    const lost = row('r2', '-19.50', { type: 'chargeback', transaction: 'dp_1', of: 'pi_1' });
    await reconcile(shop, nameless, lost);
    const ask = () => taken('ch_1', '19.50');
    const monitorAsks = () =>
      runOnlinePayments(shop.stores, shop.policy, { institution, at: '2026-03-03T09:00:00Z' }, { ask });
    for (const _ of [1, 2]) expect((await monitorAsks()).findings.byCode).toEqual({ REPORT_REFUSED: 1 });
    expect(await balances(shop)).toEqual(['15.00', '4.00']);
    expect(rejectionsOf(await shop.report('o1', taken('won_1', '19.50')))).toEqual(['PerhapsReported']);
    await reconcile(shop, row('r3', '19.50', { transaction: 'won_1', of: 'pi_1' }));
    expect(await shop.report('o1', taken('won_1', '19.50'))).toMatchObject({ accepted: true });
    expect(await balances(shop)).toEqual(['0.00', '0.00']);
  });

  it('may have been reported by another id if it is a won dispute', async () => {
    const shop = await begun();
    await shop.report('o1', taken('pi_1', '19.50'));
    await shop.report('o1', back('re_1', 'pi_1', '4.00'));
    await shop.report('o1', taken('failed_1', '4.00'));
    const cameBack = row('r3', '4.00', { transaction: 'txn_3', of: 'pi_1' });
    expect((await reconcile(shop, cameBack)).findings.byCode).toEqual({ PERHAPS_REPORTED: 1 });
    expect(await balances(shop)).toEqual(['0.00', '0.00']);
  });
});

describe('a part that was authorised and not taken', () => {
  const charge = row('r1', '19.50', {});
  const untaken = row('r2', '-4.00', {});

  it('is recorded as a return if its row comes after the capture was recorded from a row', async () => {
    const shop = await begun();
    await reconcile(shop, charge);
    expect(await reconcile(shop, untaken)).toMatchObject({
      recorded: 1,
      reported: 1,
      findings: { count: 0 },
    });
    expect((await paymentOf(shop))?.returns).toMatchObject([
      { externalTransactionId: 'r2', of: 'ch_1', amount: '4.00' },
    ]);
    expect(await balances(shop)).toEqual(['0.00', '4.00']);
    const all = [charge, untaken, row('r3', '-1.00', {})];
    expect(await reconcile(shop, ...all)).toMatchObject({ recorded: 1, repeated: 2, findings: { count: 0 } });
    expect(await balances(shop)).toEqual(['1.00', '4.00']);
  });

  it('is a finding of another amount if a program reported the capture', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    await reconcile(shop, charge);
    expect((await reconcile(shop, untaken)).findings.byCode).toEqual({ AMOUNT_DIFFERS: 1 });
    expect((await paymentOf(shop))?.returns).toEqual([]);
  });

  it('is recorded correctly if processes die between any two writes', async () => {
    const runs = [
      [[charge], [untaken]],
      [[untaken, charge]],
      [
        [charge, row('r3', '-1.00', {})],
        [row('r4', '-3.00', {}), charge],
      ],
      [[untaken], [charge], [untaken]],
    ];
    for (const [number, run] of runs.entries()) {
      for (const victim of run.keys()) {
        for (let writes = 0, died = true; died; writes += 1) {
          const shop = await begun();
          for (const [index, rows] of run.entries()) {
            if (index !== victim) await reconcile(shop, ...rows);
            else died = await diesAfter(shop, writes, () => reconcile(shop, ...rows));
          }
          let findings = {};
          for (const rows of [...run, ...run]) findings = (await reconcile(shop, ...rows)).findings.byCode;
          const where = `run ${number}, file ${victim}, after ${writes} writes`;
          expect([findings, ...(await balances(shop))], where).toEqual([{}, '0.00', '4.00']);
        }
      }
    }
  });
});

it('a row that was recorded before with another transaction records nothing', async () => {
  const shop = await begun();
  await reconcile(shop, row('r1', '19.50', {}));
  const changed = await reconcile(shop, row('r1', '19.50', { transaction: 'ch_2' }));
  expect(changed).toMatchObject({ recorded: 0, reported: 0, findings: { byCode: { ROW_CHANGED: 1 } } });
  expect((await paymentOf(shop))?.captures).toHaveLength(1);
});

it('the payment of a refund is found although the policy no longer has the payment method', async () => {
  const shop = await begun();
  await shop.report('o1', taken('ch_1', '19.50'));
  const { onlinePayments: _dropped, ...policy } = shop.policy;
  shop.policy = { ...policy, paymentMethods: { CASH: 'Cash' } };
  const refund = row('r2', '-4.00', { type: 'refund', transaction: 're_1', of: 'ch_1', reference: null });
  const form = { institution, at };
  const report = await reconcilePayouts(shop.stores, shop.policy, form, { rows: [refund] });
  expect(report).toMatchObject({ reported: 1, findings: { count: 0 } });
  expect(await balances(shop)).toEqual(['0.00', '4.00']);
  expect(await shop.report('any', back('re_2', 'ch_1', '1.00'))).toMatchObject({ accepted: true });
});
