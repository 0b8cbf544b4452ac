import { describe, expect, it } from 'vitest';
import { isSummed, postedEntries, sealedSums } from '../../src/seals/sealedSums.js';

const at = '2026-03-02T09:00:00Z';
const fee = { feeId: 'f', feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN', at };
const paid = {
  paymentId: 'p',
  amount: '5.00',
  currency: 'USD',
  method: 'CASH',
  allocations: [{ feeId: 'f', amount: '5.00' }],
  at,
};
const events = [
  { type: 'FeeAssessed', data: fee },
  { type: 'PaymentReceived', data: paid },
].map((event, index) => ({ version: index + 1, recordedAt: at, event }));
const patron = { institution: 'north', patronId: 'p' };

describe('the sums of seals', () => {
  it('are balances at each cutoff, sorted, without zeros', () => {
    const tally = sealedSums(2);
    for (const entry of postedEntries(patron, events, {})) tally.add(entry.version - 1, entry);
    const revenue = { account: ['revenue', 'MAIN', 'OTHER'], currency: 'USD', amount: '-5.00' };
    expect(tally.result()).toEqual([
      [{ account: ['receivable', 'MAIN'], currency: 'USD', amount: '5.00' }, revenue],
      [{ account: ['cash', 'CASH'], currency: 'USD', amount: '5.00' }, revenue],
    ]);
    const added = sealedSums(1);
    for (const sums of tally.result()) added.addSums(0, sums);
    expect(added.result()[0]).toContainEqual({ ...revenue, amount: '-10.00' });
  });

  it('tell whether anything in the account is open', () => {
    const openAfter = (count: number) => {
      const entries = postedEntries(patron, events.slice(0, count), {});
      for (;;) {
        const { done, value } = entries.next();
        if (done) return value;
      }
    };
    expect([openAfter(0), openAfter(1), openAfter(2)]).toEqual([false, true, false]);
  });

  it('are of accounts, tills and remittances', () => {
    const isOffice = (stream: string) => isSummed({ institution: 'north', stream });
    expect([isSummed(patron), ...['till:A', 'remittances:', 'receipts:A', 'seals:'].map(isOffice)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
