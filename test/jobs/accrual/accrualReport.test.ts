import { expect, it } from 'vitest';
import { type AccruedLoan, accrualTally } from '../../../src/jobs/accrual/accrualReport.js';

function accrued(more: Partial<AccruedLoan>): AccruedLoan {
  const loan = {
    row: 1,
    patronId: 'p',
    loanId: 'l',
    feeId: 'fine/0/l',
    feeType: 'OVERDUEFINE',
    owner: 'MAIN',
  };
  const amounts = { fine: '1.00', accrued: '1.00', amount: '1.00' };
  return { ...loan, ...amounts, outcome: 'charged', ended: null, earlier: false, ...more };
}

it('sums beyond the safe integers', () => {
  const tally = accrualTally('JPY');
  for (let n = 0; n < 10_000; n++) tally.add(accrued({ amount: '999999999999' }));
  expect(tally.result(10_000).total.charged).toEqual({ count: 10_000, amount: '9999999999990000' });
});

it('distinguishes fee types and libraries with equal concatenated codes', () => {
  const tally = accrualTally('USD');
  tally.add(accrued({ feeType: 'A', owner: 'BC' }));
  tally.add(accrued({ feeType: 'AB', owner: 'C', outcome: 'decreased', ended: 'returned' }));
  const { rows, total } = tally.result(2);
  expect(rows.map(({ feeType, owner, ended }) => [feeType, owner, ended])).toEqual([
    ['A', 'BC', 0],
    ['AB', 'C', 1],
  ]);
  expect(total).toMatchObject({ charged: { count: 1 }, decreased: { count: 1 }, ended: 1, unchanged: 0 });
});

it('counts a computed total that is not charged, and an accrual done before', () => {
  const tally = accrualTally('USD');
  tally.add(accrued({ fine: '2.00', earlier: true }));
  tally.add(accrued({ outcome: 'unchanged', amount: '0.00' }));
  expect(tally.result(3)).toMatchObject({
    loans: 3,
    earlier: 1,
    notAsComputed: 1,
    total: { unchanged: 1 },
  });
});
