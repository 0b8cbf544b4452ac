import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { finesAndFees } from '../../src/views/finesAndFees.js';
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
    expect(networkActivity([], policy)).toEqual({ institutions: [], totals: [], rowCount: 0, rows: [] });
  });

  it('lists the fees and credits of each institution, with their loans and in their currencies', () => {
    const loan = { loanId: 'l1', item: { title: 'Tides', barcode: '3001', dueAt: '2026-02-01T22:00:00Z' } };
    const north = fold([
      assessed('f1', '25.00', { ...loan, feeType: 'OVERDUEFINE' }),
      credited('c1', '1.00'),
    ]);
    const east = fold([assessed('f1', '300', { currency: 'JPY', feeType: 'KIMONO' }), disputed('d1', 'f1')]);
    const accounts = [
      { institution: 'NORTH', account: north },
      { institution: 'NOWHERE', account: emptyAccount() },
      { institution: 'EAST', account: east },
    ];
    const { rows, rowCount } = networkActivity(accounts, policy, { status: 'all' });
    expect(
      rows.map(({ institution, currency, id, typeLabel, remaining }) =>
        [institution, currency, id, typeLabel, remaining].join(' '),
      ),
    ).toEqual(['NORTH USD f1 Overdue fine 25.00', 'NORTH USD c1 Credit -1.00', 'EAST JPY f1 KIMONO 300']);
    expect(rows[0]).toMatchObject(loan);
    expect(rowCount).toBe(3);
  });

  it('lists active rows by default, or those of a filter in its order and page; the figures do not change', () => {
    const accounts = [
      {
        institution: 'NORTH',
        account: fold([assessed('f1', '25.00'), assessed('f2', '4.00'), disputed('d1', 'f2')]),
      },
      { institution: 'SOUTH', account: fold([assessed('f3', '7.00')]) },
    ];
    const whole = networkActivity(accounts, policy);
    expect(whole.rows.map(({ id }) => id)).toEqual(['f1', 'f3']);
    const filter = { sort: { by: 'remaining' }, page: { offset: 1, limit: 1 }, status: 'all' } as const;
    const { rows, rowCount, ...figures } = networkActivity(accounts, policy, filter);
    expect([rows.map(({ id }) => id), rowCount]).toEqual([['f3'], 3]);
    expect({ ...whole, ...figures }).toEqual(whole);
    expect(() => networkActivity(accounts, policy, { status: 'open' } as never)).toThrow('filter.status');
  });

  it('has the same rows as each account alone', () => {
    fc.assert(
      fc.property(histories, histories, (here, there) => {
        const folded = [fold(here), fold(there)];
        const accounts = folded.map((account, index) => ({ institution: `I${index}`, account }));
        const { rows } = networkActivity(accounts, policy, { status: 'all' });
        const apart = folded.flatMap((account, index) => {
          const { currency, rows } = finesAndFees(account, policy, { status: 'all' });
          return rows.map((row) => ({ institution: `I${index}`, currency, ...row }));
        });
        expect(rows).toEqual(apart);
      }),
      tried(300),
    );
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
