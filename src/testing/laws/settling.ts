import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Fee, owed } from '../../account/fee.js';
import { findCredit, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { transferPendingOf } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { costOf } from './costOf.js';
import { inStories, type LawText, type Subject, statesOf } from './law.js';
import { withoutPermissions } from './undoing.js';

/** Law 16. */
export const settling: LawText = {
  number: 16,
  name: 'settling',
  sentence: 'From every state, everything can be settled at what is owed: there is no dead end.',
  clauses: [
    inStories(
      'fees are settled at what is owed, and no credit is left with which nothing can be done',
      (story, subject) => {
        for (const { account, step } of statesOf(story))
          checkSettling(account, withoutPermissions(step.policy), subject);
      },
    ),
  ],
};

/** What decides and folds. */
type Deciding = Pick<Subject, 'decide' | 'fold'>;

/**
 * Fails unless all fees of an account can be settled by its credits and by paying what is owed, all money that is owed
 * to the patron can be paid out, and nothing is left then: no dead end, and settling costs nothing more.
 */
export function checkSettling(account: PatronAccount, policy: FeePolicy, { decide, fold }: Deciding): void {
  if (account.currency !== policy.currency || account.mergedInto !== null) return;
  let now = account;
  let number = 0;
  const does = (command: object) => {
    number += 1;
    const decision = decide({ id: `settling ${number}`, at, ...command } as Command, now, policy);
    assert.ok(decision.accepted, `settling ends at ${JSON.stringify(command)}: ${JSON.stringify(decision)}`);
    now = fold(decision.events, now);
  };
  const money = (amount: number) => formatAmount(amount, account.minorDigits);
  const [method] = Object.keys(policy.paymentMethods);
  const cost = costOf(account);
  for (const { feeId, disputed } of account.fees)
    if (disputed) does({ type: 'ResolveDispute', feeId, outcome: 'feeStands' });
  assert.equal(costOf(now), cost, 'the end of a dispute costs something');
  for (const { feeId } of account.fees) {
    const due = owed(findFee(now, feeId) as Fee);
    if (due === 0) continue;
    const amount = money(due);
    does({ type: 'ReceivePayment', method, amount, allocations: [{ feeId, amount }], overpayment: 'refuse' });
    assert.equal(costOf(now), cost, `paying the ${amount} that is owed on ${feeId} costs something else`);
  }
  // One after the other, because what is done with one credit may use another.
  for (const { creditId } of now.credits) {
    const credit = findCredit(now, creditId) as Credit;
    if (unused(credit) === 0) continue;
    if (credit.purpose === 'refundable') does({ type: 'RefundCredit', creditId, method });
    else if (credit.purpose === 'external') does({ type: 'TransferFees', credits: [{ creditId }] });
    else if (credit.purpose === 'goodwill') does({ type: 'CancelCredit', creditId });
    else does({ type: 'ApplyCredit', creditId });
  }
  for (const transfer of now.transfers) {
    const pending = transferPendingOf(transfer);
    if (pending === 0) continue;
    does({ type: 'SettleTransfer', transferId: transfer.transferId, amount: money(pending) });
  }
  for (const fee of now.fees) assert.equal(owed(fee), 0, `${fee.feeId} is owed after everything was paid`);
  for (const credit of now.credits)
    assert.equal(unused(credit), 0, `the credit ${credit.creditId} is left, and nothing can be done with it`);
}

const at = '2026-05-02T12:00:00Z';
