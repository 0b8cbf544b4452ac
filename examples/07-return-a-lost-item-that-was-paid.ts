// A lost item is returned after it was paid for: the policy's refund percentage of the money becomes a credit.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { feesOfLoan, summary } from 'patron-fees/views';

// By default a replacement fee is refunded in full and a processing fee not at all, as in Alma.
const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
let account = emptyAccount();

/** Decides all commands or none on the current account, and folds their events. */
function run(...commands: Command[]) {
  const decision = decide(commands, account, policy);
  assert.ok(decision.accepted);
  account = fold(decision.events, account);
  return decision.events;
}

const lost = { type: 'AssessFee', owner: 'MUS', loanId: 'loan-7', at } as const;
run(
  { ...lost, id: 'f1', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '48.50' },
  { ...lost, id: 'f2', feeType: 'LOSTITEMPROCESSFEE', amount: '12.00' },
  {
    type: 'ReceivePayment',
    id: 'p1',
    amount: '60.50',
    method: 'ONLINE',
    externalTransactionId: 'NP-7712',
    at,
  },
);
assert.equal(feesOfLoan(account, policy, { loanId: 'loan-7' }).lostAndPaid, true);

// The item is returned: one event per fee, and a credit for what the patron gets back.
const events = run({ type: 'ReturnLostItem', id: 'r1', loanId: 'loan-7', at: '2026-04-20T11:00:00Z' });
assert.deepEqual(
  events.map(({ type, data }) => ('amount' in data ? `${type} ${data.amount}` : type)),
  ['LostItemReturned', 'LostItemCreditIssued 48.50', 'LostItemReturned'],
);
assert.equal(summary(account, policy).active, '-48.50');
assert.equal(summary(account, policy).creditsByPurpose.refundable, '48.50');
assert.equal(feesOfLoan(account, policy, { loanId: 'loan-7' }).lostAndPaid, false);

// An item can be returned only once.
const again = decide({ type: 'ReturnLostItem', id: 'r2', feeIds: ['f1'], at }, account, policy);
assert.deepEqual(again.accepted ? null : again.rejection, {
  type: 'LostItemAlreadyReturned',
  kind: 'conflict',
  feeId: 'f1',
});

// The credit can be used for another fee, and the rest is paid out.
run(
  { type: 'AssessFee', id: 'f3', feeType: 'OVERDUEFINE', amount: '8.50', owner: 'MUS', at },
  { type: 'ApplyCredit', id: 'a1', creditId: 'r1#1', feeIds: ['f3'], at },
  { type: 'RefundCredit', id: 'o1', creditId: 'r1#1', method: 'CHECK', reference: 'cheque 1180', at },
);
const { active, creditsByPurpose } = summary(account, policy);
assert.deepEqual([active, creditsByPurpose.refundable], ['0.00', '0.00']);

console.log('Paid 60.50, refunded 40.00, used for another fee 8.50, kept for processing 12.00.');
