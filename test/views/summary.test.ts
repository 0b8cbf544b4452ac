import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { balancesInMinorUnits, emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { formatAmount } from '../../src/money/money.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { summary } from '../../src/views/summary.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { applied, assessed, credited, disputed, lost, paid, transferred, waivedLost } from './story.js';

const policy = definePolicy({ currency: 'USD' });

describe('summary', () => {
  it('is zero in the currency of the policy for an account without events', () => {
    expect(summary(emptyAccount(), policy)).toEqual({
      currency: 'USD',
      active: '0.00',
      disputed: '0.00',
      transferred: '0.00',
      payable: '0.00',
      payableAccruing: '0.00',
      creditsByPurpose: { setOff: '0.00', refundable: '0.00', external: '0.00', goodwill: '0.00' },
    });
  });

  it('shows active, disputed and transferred balances, what is payable, and unused credits by purpose', () => {
    const account = fold([
      assessed('f1', '25.00'),
      paid('p1', 'f1', '22.23'),
      assessed('f2', '10.00'),
      disputed('d1', 'f2'),
      assessed('f3', '7.00'),
      transferred('t1', 'f3', '7.00'),
      credited('c1', '2.00', { cause: 'waived', purpose: 'external', feeId: 'f3' }),
      lost('f4', '40.00'),
      waivedLost('c2', 'f4', '15.00'),
      credited('c3', '4.00'),
      applied('a1', 'c3', 'f1', '1.00'),
      credited('c4', '6.00', { cause: 'imported', purpose: 'refundable' }),
    ]);
    expect(summary(account, policy)).toEqual({
      currency: 'USD',
      active: '15.77',
      disputed: '10.00',
      transferred: '7.00',
      payable: '26.77',
      payableAccruing: '0.00',
      creditsByPurpose: { setOff: '15.00', refundable: '6.00', external: '2.00', goodwill: '3.00' },
    });
  });

  it('is negative if the library owes the patron', () => {
    expect(summary(fold([credited('c1', '5.00')]), policy).active).toBe('-5.00');
  });

  it('formats amounts with the decimals of the currency', () => {
    expect(summary(fold([assessed('f1', '300', { currency: 'JPY' })]), policy).active).toBe('300');
    expect(summary(fold([assessed('f1', '0.005', { currency: 'KWD' })]), policy).active).toBe('0.005');
  });

  it('throws INVALID_ACCOUNT if the account is invalid', () => {
    expect(() => summary(undefined as unknown as PatronAccount, policy)).toThrow('INVALID_ACCOUNT');
  });

  it('equals the balances of the account, is plain JSON, and does not change the account', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const account = fold(events);
        const before = structuredClone(account);
        const view = summary(account, policy);
        const {
          active,
          disputed: inDispute,
          transferred: elsewhere,
          payable,
        } = balancesInMinorUnits(account);
        const figures = [active, inDispute, elsewhere, payable].map((minor) => formatAmount(minor, 2));
        expect([view.active, view.disputed, view.transferred, view.payable]).toEqual(figures);
        expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
        expect(structuredClone(account)).toEqual(before);
      }),
      tried(1_000),
    );
  });
});
