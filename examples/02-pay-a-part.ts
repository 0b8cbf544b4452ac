// A patron pays a part of what is owed; the same payment sent twice counts once.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { receipt, summary } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const desk = { channel: 'desk', userId: 'lin', library: 'MAIN' } as const;

const assessed = decide(
  [
    {
      type: 'AssessFee',
      id: 'f1',
      feeType: 'OVERDUEFINE',
      amount: '25.00',
      at: '2026-03-02T09:00:00Z',
      by: desk,
    },
    {
      type: 'AssessFee',
      id: 'f2',
      feeType: 'LOCKERKEY',
      amount: '8.50',
      at: '2026-03-03T09:00:00Z',
      by: desk,
    },
  ],
  emptyAccount(),
  policy,
);
const before = fold(assessed.events);
assert.equal(summary(before, policy).payable, '33.50');

// The payment does not name fees, so it goes to the oldest fee first: that is the policy's payment order.
const pay: Command = {
  type: 'ReceivePayment',
  id: 'p1',
  amount: '30',
  method: 'CREDIT_CARD',
  at: '2026-03-04T14:10:00Z',
  by: desk,
};
const paid = decide(pay, before, policy);
assert.ok(paid.accepted);

// The event records the allocation. Folding it needs no rule and no policy.
const [event] = paid.events;
assert.ok(event?.type === 'PaymentReceived');
assert.deepEqual(event.data.allocations, [
  { feeId: 'f1', amount: '25.00' },
  { feeId: 'f2', amount: '5.00' },
]);

const after = fold(paid.events, before);
const { amount, methodLabel, remainingPayable } = receipt(after, policy, { paymentId: 'p1' });
assert.deepEqual(
  { amount, methodLabel, remainingPayable },
  {
    amount: '30.00',
    methodLabel: 'Credit card',
    remainingPayable: '3.50',
  },
);

// If a button is pressed twice or a webhook fires again, the same command changes nothing, even if the account has changed since.
const repeats = { id: 'p1', kind: 'payment' };
assert.deepEqual(decide(pay, after, policy), { accepted: true, events: [], repeats });

// A payment above what is owed is refused, with the figures. (The policy or the command may keep the surplus as a credit.)
const tooMuch = decide({ ...pay, id: 'p2', amount: '4.00' }, after, policy);
assert.deepEqual(tooMuch.accepted ? null : tooMuch.rejection, {
  type: 'PaymentExceedsOwed',
  kind: 'conflict',
  feeId: null,
  amount: '4.00',
  owed: '3.50',
});

console.log(`Paid ${amount} by ${methodLabel}; ${remainingPayable} can still be paid.`);
