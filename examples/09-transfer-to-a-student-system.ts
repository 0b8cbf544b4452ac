// Fees are transferred to a student system, which reports that they were paid, or returns them.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { finesAndFees } from 'patron-fees/views';

const policy = definePolicy({
  currency: 'USD',
  destinations: { BANNER: 'Student accounts' },
  transfers: { expectsSettlement: true, fees: { minimumAmount: '5.00', minimumAgeDays: 7 }, credits: {} },
});
let account = emptyAccount();

/** Decides a command on the current account, and folds its events. */
function run(command: Command) {
  const decision = decide(command, account, policy);
  assert.ok(decision.accepted);
  account = fold(decision.events, account);
  return decision.events;
}

/** The active and the transferred balance. */
function look() {
  const { active, transferred } = finesAndFees(account, policy).balances;
  return { active, transferred };
}

const assess = { type: 'AssessFee', feeType: 'OVERDUEFINE', owner: 'MAIN' } as const;
run({ ...assess, id: 'f1', amount: '34.75', at: '2026-02-01T09:00:00Z' });
run({ ...assess, id: 'f2', amount: '4.00', at: '2026-02-01T09:00:00Z' });
run({ ...assess, id: 'f3', amount: '20.00', at: '2026-02-27T09:00:00Z' });

// The weekly export takes the fees that are eligible under the policy: f2 is too small, f3 too young.
const sent = run({
  type: 'TransferFees',
  id: 'export-9',
  eligible: { fees: {} },
  destination: 'BANNER',
  at: '2026-03-01T02:00:00Z',
});
assert.deepEqual(
  sent.map(({ data }) => 'feeId' in data && data.feeId),
  ['f1'],
);

// The fee is no longer active here, but the patron still owes it: it is in the transferred balance.
assert.deepEqual(look(), { active: '24.00', transferred: '34.75' });
const transferred = finesAndFees(account, policy, { status: 'transferred' });
assert.deepEqual(
  transferred.rows.map(({ id, remaining, transferPending }) => [id, remaining, transferPending]),
  [['f1', '0.00', '34.75']],
);

// The student system reports a payment.
run({
  type: 'SettleTransfer',
  id: 's1',
  transferId: 'export-9',
  amount: '30.00',
  at: '2026-03-20T02:00:00Z',
});
assert.deepEqual(look(), { active: '24.00', transferred: '4.75' });

// The student system returns the rest: it is owed here again.
run({ type: 'RecallTransfer', id: 'b1', transferId: 'export-9', at: '2026-06-01T02:00:00Z' });
assert.deepEqual(look(), { active: '28.75', transferred: '0.00' });

console.log('After settlement and recall:', look());
