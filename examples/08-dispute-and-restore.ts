// A fee is disputed and leaves the active list. Resolving the dispute makes it active again, or waives or cancels it.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { finesAndFees } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
let account = emptyAccount();

/** Decides a command on the current account, and folds its events. */
function run(command: Command) {
  const decision = decide(command, account, policy);
  assert.ok(decision.accepted);
  account = fold(decision.events, account);
  return decision.events.map(({ type }) => type);
}

/** The ids in the active list, and the active and the disputed balance. */
function look() {
  const { rows, balances } = finesAndFees(account, policy);
  return [rows.map(({ id }) => id).join(' '), balances.active, balances.disputed];
}

run({ type: 'AssessFee', id: 'f1', feeType: 'LOCKERKEY', amount: '8.50', owner: 'MAIN', at });
run({ type: 'AssessFee', id: 'f2', feeType: 'OVERDUEFINE', amount: '3.00', owner: 'MAIN', at });

run({ type: 'DisputeFee', id: 'd1', feeId: 'f1', comment: 'I gave the key back', at });
assert.deepEqual(look(), ['f2', '3.00', '8.50']);

// "Restore" in Alma: the fee was right and is active again.
run({ type: 'ResolveDispute', id: 's1', feeId: 'f1', outcome: 'feeStands', comment: 'It is locker 15', at });
assert.deepEqual(look(), ['f1 f2', '11.50', '0.00']);

// Only a disputed fee can be resolved.
const again = decide(
  { type: 'ResolveDispute', id: 's2', feeId: 'f1', outcome: 'feeStands', at },
  account,
  policy,
);
assert.deepEqual(again.accepted ? null : again.rejection, {
  type: 'FeeNotDisputed',
  kind: 'conflict',
  feeId: 'f1',
});

// The patron was right after all: one decision ends the dispute and applies the remedy.
run({ type: 'DisputeFee', id: 'd2', feeId: 'f1', comment: 'The key was in the box', at });
const cancelled = run({
  type: 'ResolveDispute',
  id: 's3',
  feeId: 'f1',
  outcome: 'patronUpheld',
  remedy: 'cancel',
  comment: 'Key found; the fee was an error',
  at,
});
assert.deepEqual(cancelled, ['DisputeResolved', 'FeeCancelled']);
assert.deepEqual(look(), ['f2', '3.00', '0.00']);

console.log('In the active list:', ...look());
