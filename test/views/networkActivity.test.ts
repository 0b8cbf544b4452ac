import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { type NetworkAccount, networkActivity } from '../../src/views/networkActivity.js';
import { summary } from '../../src/views/summary.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { assessed, credited, disputed, transferred } from './story.js';

const policy = definePolicy({ currency: 'USD' });

describe('networkActivity', () => {
  it('shows each institution in its own currency, and totals per currency', () => {
    const north = fold([assessed('f1', '25.00'), assessed('f2', '4.00'), disputed('d1', 'f2')]);
    const south = fold([assessed('f1', '7.00'), transferred('t1', 'f1', '2.00'), credited('c1', '1.00')]);
    const east = fold([assessed('f1', '300', { currency: 'JPY' })]);
    const view = networkActivity(
      [
        { institution: 'NORTH', account: north },
        { institution: 'EAST', account: east },
        { institution: 'SOUTH', account: south },
        { institution: '__proto__', account: emptyAccount() },
      ],
      policy,
    );
    expect(view.institutions).toEqual([
      { institution: 'NORTH', ...summary(north, policy) },
      { institution: 'EAST', ...summary(east, policy) },
      { institution: 'SOUTH', ...summary(south, policy) },
      { institution: '__proto__', ...summary(emptyAccount(), policy), currency: null },
    ]);
    expect(view.totals).toEqual([
      { currency: 'USD', active: '29.00', disputed: '4.00', transferred: '2.00', payable: '30.00' },
      { currency: 'JPY', active: '300', disputed: '0', transferred: '0', payable: '300' },
    ]);
  });

  it('is empty for no accounts', () => {
    expect(networkActivity([], policy)).toEqual({ institutions: [], totals: [] });
  });

  it('sums exactly beyond the safe integers', () => {
    const rich = (amount: string, more: number) =>
      fold(Array.from({ length: more }, (_, index) => assessed(`f${index}`, amount)));
    const accounts = Array.from({ length: 2 }, (_, index) => ({
      institution: `I${index}`,
      account: rich('9999999999.99', 9_000),
    }));
    const { totals } = networkActivity(
      [...accounts, { institution: 'LAST', account: rich('0.01', 1) }],
      policy,
    );
    expect(totals[0]?.payable).toBe('179999999999820.01');
  });

  it('refuses an entry without institution or account', () => {
    const garbage: [unknown, string][] = [
      [undefined, 'INVALID_ARGUMENT'],
      [[null], 'INVALID_ARGUMENT'],
      [[{ account: emptyAccount() }], 'accounts[0].institution'],
      [[{ institution: 'NORTH' }], 'INVALID_ACCOUNT'],
      [[{ institution: 'NORTH', account: { fees: [] } }], 'INVALID_ACCOUNT'],
    ];
    for (const [accounts, message] of garbage) {
      expect(() => networkActivity(accounts as NetworkAccount[], policy)).toThrow(message);
    }
  });

  it('is plain JSON and does not change the accounts', () => {
    fc.assert(
      fc.property(histories, histories, (here, there) => {
        const accounts = [here, there].map((events, index) => ({
          institution: `I${index}`,
          account: fold(events),
        }));
        const before = structuredClone(accounts);
        const view = networkActivity(accounts, policy);
        expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
        expect(structuredClone(accounts)).toEqual(before);
      }),
      tried(1_000),
    );
  });
});
