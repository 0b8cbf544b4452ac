// A disputed fee may be waived: the disputed balance falls, and the rest stays disputed.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { summary } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
let account = emptyAccount();

/** Decides a command on the current account, folds its events, and returns the balances. */
function balancesAfter(command: Command) {
  const decision = decide(command, account, policy);
  assert.ok(decision.accepted);
  account = fold(decision.events, account);
  const { active, disputed, payable } = summary(account, policy);
  return { active, disputed, payable };
}

balancesAfter({ type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '6.00', owner: 'MAIN', at });
balancesAfter({
  type: 'AssessFee',
  id: 'f2',
  feeType: 'DAMAGEDITEMFINE',
  amount: '18.00',
  owner: 'MAIN',
  at,
});

// A fee is disputed as a whole.
assert.deepEqual(
  balancesAfter({ type: 'DisputeFee', id: 'd1', feeId: 'f2', comment: 'The stains were there before', at }),
  { active: '6.00', disputed: '18.00', payable: '6.00' },
);

// A disputed fee cannot be paid ...
const payment = decide(
  { type: 'ReceivePayment', id: 'p1', amount: '18.00', method: 'CASH', feeIds: ['f2'], at },
  account,
  policy,
);
assert.deepEqual(payment.accepted ? null : payment.rejection, {
  type: 'FeeIsDisputed',
  kind: 'conflict',
  feeId: 'f2',
});

// ... but staff can waive it, in this example in part. Only the disputed balance falls.
const waivePart = { type: 'WaiveFees', reason: 'STAFF_ERROR', at } as const;
assert.deepEqual(balancesAfter({ ...waivePart, id: 'w1', fees: [{ feeId: 'f2', amount: '3.00' }] }), {
  active: '6.00',
  disputed: '15.00',
  payable: '6.00',
});

// Waiving the rest closes the fee.
assert.deepEqual(balancesAfter({ ...waivePart, id: 'w2', fees: [{ feeId: 'f2' }] }), {
  active: '6.00',
  disputed: '0.00',
  payable: '6.00',
});

// The fee stays marked as disputed, so that undoing the waiver restores a disputed fee.
assert.deepEqual(balancesAfter({ type: 'ReverseWaiver', id: 'u1', waiverId: 'w2', at }), {
  active: '6.00',
  disputed: '15.00',
  payable: '6.00',
});

console.log('Disputed:', summary(account, policy).disputed);
