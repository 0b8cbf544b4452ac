import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type MergedAccounts, mergedAccounts } from '../arbitraries/mergedAccounts.js';
import type { FastCheck } from '../fastCheck.js';
import { clause, type LawText, type Subject, same } from './law.js';
import { undoingOf } from './undoing.js';

/** Law 13. */
export const merges: LawText = {
  number: 13,
  name: 'merges',
  sentence:
    'Merging and separating accounts changes no figure and no answer about what was done before; a merged account refuses only what is new.',
  clauses: [
    clause(
      'every account has the rows, balances and journal that it has without its merges',
      given,
      (all, subject) => {
        for (const { merged, alone, events } of accountsIn(all, subject)) {
          same(rowsOf(merged), rowsOf(alone), 'the account');
          same(postingsOf(events, subject), postingsOf(events.filter(isOther), subject), 'the journal');
        }
      },
    ),
    clause('what was done before a merge is undone after it as without it', given, (all, subject) => {
      for (const { merged, alone, events } of accountsIn(all, subject)) {
        for (const [index, event] of events.entries()) {
          const undo = undoingOf(event, `undoing ${index}`);
          if (undo === undefined) continue;
          const answers = [merged, alone].map((account) => subject.decide(undo, account, all.policy));
          same(answers[0], answers[1], `${undo.type} of ${event.type}`);
        }
      }
    }),
    clause('a merged account charges no new fee and names the other account', given, (all, subject) => {
      for (const { merged, alone } of accountsIn(all, subject)) {
        const command = newFee(all.policy, alone);
        const expected = subject.decide(command, alone, all.policy);
        const decision = subject.decide(command, merged, all.policy);
        if (merged.mergedInto === null || !expected.accepted) {
          if (merged.mergedInto === null) same(decision, expected, 'a new fee');
          continue;
        }
        assert.ok(!decision.accepted, 'a new fee was charged to a merged account');
        const rejection = { type: 'AccountMerged', kind: 'conflict', into: merged.mergedInto };
        same(decision.rejection, rejection, 'the rejection');
      }
    }),
  ],
};

function given(fc: FastCheck, { policies, maxCommands }: Subject) {
  return mergedAccounts(fc, { policies, maxCommands });
}

/** Returns each account as it is, and as it would be without its merges. */
function accountsIn({ accounts }: MergedAccounts, { fold }: Subject) {
  return accounts.map(({ events }) => {
    return { events, merged: fold(events), alone: fold(events.filter(isOther)) };
  });
}

/** Returns whether an event is not about a merge. */
function isOther({ type }: AccountEvent): boolean {
  return type !== 'AccountMerged' && type !== 'AccountJoined' && type !== 'AccountSeparated';
}

function rowsOf({ merges: _, mergedInto, ids, eventCount, ...rows }: PatronAccount) {
  return rows;
}

function postingsOf(events: readonly AccountEvent[], { journal }: Subject) {
  return [...journal(events)].flatMap(({ postings }) => [...postings]);
}

function newFee({ feeTypes }: FeePolicy, { minorDigits }: PatronAccount): Command {
  const feeType = Object.keys(feeTypes)[0] as string;
  const amount = formatAmount(10 ** minorDigits, minorDigits);
  return { type: 'AssessFee', id: 'a new fee', feeType, amount, owner: 'MAIN', at: '2026-06-01T09:00:00Z' };
}
