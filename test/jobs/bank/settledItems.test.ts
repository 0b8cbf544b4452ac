import { expect, it } from 'vitest';
import { leftOf, settledAt, settledWith } from '../../../src/jobs/bank/settledItems.js';
import { bankItemKey } from '../../../src/office/bank/bankAccount.js';
import { noBankAccount } from '../../../src/office/index.js';
import { bankAfter, cash, confirm, depositFromSafe, end, part, reverse } from '../../office/bank/banks.js';

it('an item that another account confirmed is not expected, unless the confirmation was reversed', () => {
  const safe = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '5.00' } as const;
  const given = [depositFromSafe('d1', '5'), confirm('c1', '62', cash()), confirm('c2', '5', safe)] as const;
  const expected = { item: cash(), day: '2026-03-02', reference: null };
  const leftAt = ({ account }: ReturnType<typeof bankAfter>) => {
    const first = settledWith(new Map(), account);
    expect(first.twice).toEqual([]);
    expect(settledWith(first.settled, account).twice.map(bankItemKey)).toEqual([...first.settled.keys()]);
    return leftOf(expected, first.settled);
  };
  expect(leftAt(bankAfter(...given))).toBe(null);
  expect(leftAt(bankAfter(...given, reverse('u', 'c1')))).toBe(expected);
});

it('the rest of an item is expected after parts were confirmed, over all accounts', () => {
  const expected = { item: cash(), day: '2026-03-02', reference: null };
  const left = (...amounts: readonly string[]) =>
    leftOf(
      expected,
      amounts
        .map((amount) => bankAfter(confirm('c1', amount, part(amount))).account)
        .reduce((settled, account) => settledWith(settled, account).settled, settledAt(noBankAccount)),
    );
  expect(left('40')?.item).toEqual({ ...cash('22.00'), of: '62.00' });
  expect(left('40', '22')).toBe(null);
  // Two clerks at the same moment.
  expect(left('40', '40')).toBe(null);
  const parts = bankAfter(confirm('c1', '40', part('40')), end('e1', part('22')));
  expect(leftOf(expected, settledAt(parts.account))).toBe(null);
});
