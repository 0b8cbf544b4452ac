// Waiving a lost item does not reduce the Remaining Balance: "the waived amount is displayed as a credit" (Alma guide).
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { finesAndFees } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';

const { events } = decide(
  { type: 'AssessFee', id: 'f1', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '60.00', owner: 'MAIN', at },
  emptyAccount(),
  policy,
);
const before = fold(events);

const waive: Command = {
  type: 'WaiveFees',
  id: 'w1',
  fees: [{ feeId: 'f1', amount: '45.00' }],
  reason: 'LOST_ITEM_FOUND',
  comment: 'Found by another library',
  at: '2026-03-05T16:00:00Z',
};
const decision = decide(waive, before, policy);
assert.deepEqual(
  decision.events.map(({ type }) => type),
  ['LostItemCreditIssued'],
);

// Two rows: the fee with its full remaining amount, and the credit. They add up to the balance.
const waived = fold(decision.events, before);
const list = finesAndFees(waived, policy);
assert.deepEqual(
  list.rows.map(({ typeLabel, remaining }) => [typeLabel, remaining]),
  [
    ['Lost item replacement fee', '60.00'],
    ['Credit', '-45.00'],
  ],
);
assert.equal(list.balances.active, '15.00');

// What is owed, and can still be paid, is the remaining amount less the credit reserved for this fee.
const [fee] = list.rows;
assert.equal(fee?.kind === 'fee' && fee.owed, '15.00');

// Such a credit can only reduce its own fee, so a waiver never becomes cash.
const refund = decide({ type: 'RefundCredit', id: 'r1', creditId: 'w1', method: 'CASH', at }, waived, policy);
assert.deepEqual(refund.accepted ? null : refund.rejection, {
  type: 'CreditPurposeForbids',
  kind: 'conflict',
  creditId: 'w1',
  purpose: 'setOff',
});

// The patron pays the rest. Now nothing is owed, so the credit is applied automatically and both rows close.
const payment = decide(
  { type: 'ReceivePayment', id: 'p1', amount: '15.00', method: 'CASH', at },
  waived,
  policy,
);
assert.deepEqual(
  payment.events.map(({ type }) => type),
  ['PaymentReceived', 'CreditApplied'],
);
const closed = finesAndFees(fold(payment.events, waived), policy, { status: 'all' });
assert.deepEqual(
  closed.rows.map(({ typeLabel, remaining, status }) => [typeLabel, remaining, status]),
  [
    ['Lost item replacement fee', '0.00', 'closed'],
    ['Credit', '0.00', 'closed'],
  ],
);

console.table(list.rows.map(({ typeLabel, original, remaining }) => ({ typeLabel, original, remaining })));
