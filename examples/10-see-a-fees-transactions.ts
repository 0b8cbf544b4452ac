// Selecting a fee's amount shows everything that happened to the fee, and the remaining amount after each step.
import assert from 'node:assert/strict';
import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { transactions } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const desk = { channel: 'desk', userId: 'lin', library: 'MAIN' } as const;

const { events } = decide(
  [
    {
      type: 'AssessFee',
      id: 'f1',
      feeType: 'OVERDUEFINE',
      amount: '25.00',
      comment: 'Five days late',
      at,
      by: desk,
    },
    {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '10.00',
      method: 'CHECK',
      reference: 'cheque 88',
      at,
      by: desk,
    },
    {
      type: 'WaiveFees',
      id: 'w1',
      fees: [{ feeId: 'f1', amount: '5.00' }],
      reason: 'GRACE_PERIOD',
      staffNote: 'Agreed by phone',
      at,
      by: desk,
    },
    { type: 'ReversePayment', id: 'b1', paymentId: 'p1', comment: 'The cheque bounced', at, by: desk },
  ],
  emptyAccount(),
  policy,
);
const account = fold(events);

const { original, remaining, status, lines } = transactions(account, policy, { id: 'f1' });
assert.deepEqual(
  { original, remaining, status },
  { original: '25.00', remaining: '20.00', status: 'active' },
);
assert.deepEqual(
  lines.map((line) => [line.label, line.amount, line.remaining, line.methodLabel ?? line.reasonLabel]),
  [
    ['Fee assessed', '25.00', '25.00', null],
    ['Payment', '10.00', '15.00', 'Check'],
    ['Waiver', '5.00', '10.00', 'Grace period'],
    ['Payment reversed', '10.00', '20.00', 'Check'],
  ],
);

// Who did it, and the comments that a patron may see.
assert.equal(lines[0]?.by?.userId, 'lin');
assert.equal(lines[3]?.comment, 'The cheque bounced');

// Staff notes are included only for staff.
assert.equal(
  lines.some((line) => 'staffNote' in line),
  false,
);
const forStaff = transactions(account, policy, { id: 'f1', audience: 'staff' });
assert.equal(forStaff.lines[2]?.staffNote, 'Agreed by phone');

console.table(lines.map(({ label, amount, remaining, comment }) => ({ label, amount, remaining, comment })));
