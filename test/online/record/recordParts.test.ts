import { versionConflict } from 'patron-fees/history';
import { type RecordedOnline, reportOnlinePayment, runOnlinePayments } from 'patron-fees/online';
import { mergeAccounts } from 'patron-fees/patrons';
import { describe, expect, it } from 'vitest';
import { active, at, back, begun, breakAccount, institution, meetsAfter, taken } from '../shop.js';

describe('recordParts', () => {
  it('records in the account of a patron whose account was merged in the meantime', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const from = { institution, patronId: 'ann' };
    await mergeAccounts(shop.stores.accounts, shop.policy, {
      from,
      into: { ...from, patronId: 'ann2' },
      id: 'm1',
      at,
    });
    expect(await shop.report('o1', taken('ch_1', '15.50'))).toMatchObject({ accepted: true, waiting: [] });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('calls the hook once for each account that has recorded its part of a capture', async () => {
    const shop = await begun();
    const sent: string[] = [];
    const onRecorded = ({ payment, recorded }: RecordedOnline) => {
      sent.push(`${payment.onlinePaymentId} ${recorded.patronId} ${recorded.amount}`);
    };
    const repair = breakAccount(shop, 'ben');
    const report = { institution, onlinePaymentId: 'o1', at, ...taken('ch_1', '19.50') };
    const tell = () => reportOnlinePayment(shop.stores, shop.policy, report, { onRecorded });
    await tell();
    expect(sent).toEqual(['o1 ann 15.00']);
    repair();
    await runOnlinePayments(shop.stores, shop.policy, { institution, at }, { onRecorded });
    await tell();
    expect(sent).toEqual(['o1 ann 15.00', 'o1 ben 4.00']);
    await shop.report('o1', back('re_1', 'ch_1', '19.50'));
    expect(sent).toHaveLength(2);
  });

  it('calls the hook of the process that recorded the part, whatever two processes write in between', async () => {
    for (let writes = 0, met = true; met; writes += 1) {
      const shop = await begun();
      const sent: string[] = [];
      const report = { institution, onlinePaymentId: 'o1', at, ...taken('ch_1', '19.50') };
      const tell = (name: string) => () =>
        reportOnlinePayment(shop.stores, shop.policy, report, {
          onRecorded: ({ recorded }) => void sent.push(`${name} ${recorded.patronId}`),
        });
      // Of the first one's writes: the transaction, the payment; then for each account: the account, the payment.
      met = await meetsAfter(shop, writes, tell('first'), tell('second'));
      const byFirst = met ? Math.max(0, Math.floor((writes - 2) / 2)) : 2;
      const senders = ['ann', 'ben'].map((patronId, index) => [
        index < byFirst ? 'first' : 'second',
        patronId,
      ]);
      expect(sent, `after ${writes} writes`).toEqual(senders.map((one) => one.join(' ')));
    }
  });

  it('records the parts of the other accounts if one cannot be read', async () => {
    const shop = await begun();
    const broken = {
      type: 'PaymentReceived',
      data: { paymentId: 'x', amount: '1.00', currency: 'EUR', method: 'CASH', allocations: [], at },
    } as const;
    await shop.stores.accounts.append({ institution, patronId: 'ann' }, [broken], { expectedVersion: 'any' });
    const { waiting } = await shop.report('o1', taken('ch_1', '19.50'));
    expect(waiting).toMatchObject([
      { patronId: 'ann', amount: '15.00', because: { code: 'CORRUPT_HISTORY' } },
    ]);
    expect(await active(shop, 'ben')).toBe('0.00');
  });

  it('keeps a part waiting if others write to the account at every attempt, and records the other accounts', async () => {
    const shop = await begun();
    const { accounts } = shop.stores;
    const append: typeof accounts.append = async (stream, ...rest) => {
      if (stream.patronId === 'ann') {
        const { version } = await accounts.read(stream);
        throw versionConflict(stream, version - 1, version);
      }
      return accounts.append(stream, ...rest);
    };
    const stores = { ...shop.stores, accounts: { ...accounts, append } };
    const form = { institution, onlinePaymentId: 'o1', at, ...taken('ch_1', '19.50') };
    const retry = { attempts: 2, maxPauseMs: 0 };
    const { waiting } = await reportOnlinePayment(stores, shop.policy, form, { retry });
    expect(waiting).toMatchObject([{ patronId: 'ann', because: { type: 'AccountBusy', attempts: 2 } }]);
    expect(await active(shop, 'ben')).toBe('0.00');
    await shop.report('o1', taken('ch_1', '19.50'));
    expect(await active(shop, 'ann')).toBe('0.00');
  });
});
