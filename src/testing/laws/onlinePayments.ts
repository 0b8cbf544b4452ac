import assert from 'node:assert/strict';
import { violations } from '../../account/invariants.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Payment } from '../../account/records.js';
import { onlinePaymentPostings } from '../../books/journal/onlinePaymentPostings.js';
import { isSamePart, onlineParts, type UnrecordedPart } from '../../office/onlinePayments/onlineParts.js';
import {
  amountIn,
  captureOf,
  type OnlinePayment,
  serviceFeeLeft,
  units,
} from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { paymentsOf, recordIdOf } from '../../online/record/planCapture.js';
import { playProviderStory } from '../online/playProviderStory.js';
import { providerStories } from '../online/providerStory.js';
import { clause, inStores, type LawText, same } from './law.js';
import { type OnlineOutcome, onlineStories, runOnlineStory } from './onlineStory.js';

/** Law 14. */
export const onlinePayments: LawText = {
  number: 14,
  name: 'online payments',
  sentence:
    'What a payment provider takes and gives back is recorded once, or apart as a person settled it, in whatever order it is reported and wherever the process dies.',
  clauses: [
    clause('what was taken is recorded once, less the service fee', onlineStories, (story, subject) => {
      const outcome = runOnlineStory(story, subject);
      same(
        outcome.waiting.filter(({ kind }) => kind === 'capture'),
        [],
        'taken and not recorded',
      );
      for (const payment of outcome.payments) {
        const kept = units(payment.serviceFee) - serviceFeeLeft(payment);
        assert.ok(kept >= 0 && kept <= units(payment.serviceFee), `the service fee kept is ${kept}`);
        for (const capture of payment.captures) {
          const divided = amountIn(capture.accounts) + units(capture.serviceFee);
          assert.equal(divided, units(capture.amount), `${capture.externalTransactionId} is divided`);
          for (const { patronId, amount } of capture.accounts) {
            const { externalTransactionId } = capture;
            if (isApart(payment, { kind: 'capture', externalTransactionId, patronId })) continue;
            const { own, others } = paymentsOf(accountOf(outcome, patronId), capture);
            const [recorded, byOthers] = [own?.amount ?? 0, sumOf(others)];
            const expected = own === undefined ? Math.max(byOthers, units(amount)) : units(amount);
            assert.equal(recorded + byOthers, expected, `${capture.externalTransactionId} in ${patronId}`);
          }
        }
      }
    }),
    clause('what went back is reversed once, or was entered by staff', onlineStories, (story, subject) => {
      const outcome = runOnlineStory(story, subject);
      same(
        outcome.waiting.filter((one) => one.kind === 'return' && !isContradicted(outcome, one)),
        [],
        'given back and not recorded',
      );
      for (const payment of outcome.payments) {
        for (const { patronId, kind, externalTransactionId, amount, byOthers = '0' } of payment.recorded) {
          if (kind === 'capture') continue;
          const id = recordIdOf('return', { method: payment.method, externalTransactionId });
          const reversed = reversals(accountOf(outcome, patronId)).filter((one) => isOf(one.reversalId, id));
          assert.equal(
            sumOf(reversed) + units(byOthers),
            units(amount),
            `${externalTransactionId} in ${patronId}`,
          );
        }
      }
      const entered = [...outcome.accounts.values()].reduce((sum, account) => sum + byStaff(account), 0);
      assert.ok(usedOf(outcome.payments) <= entered, 'what staff entered counts twice');
    }),
    clause('what persons settled is apart until an account has it', onlineStories, (story, subject) => {
      const { payments, events, accounts } = runOnlineStory(story, subject);
      for (const [index, payment] of payments.entries()) {
        let posted = 0;
        for (const part of onlineParts(payment)) {
          if (part.isPosted) posted += part.kind === 'capture' ? -units(part.amount) : units(part.amount);
          if (part.state !== 'apart' || part.kind === 'return') continue;
          const { own, others } = paymentsOf(
            accounts.get(part.patronId) as PatronAccount,
            captureOf(payment, part.externalTransactionId) as Capture,
          );
          assert.equal(
            (own?.amount ?? 0) + sumOf(others),
            0,
            `${part.externalTransactionId} is apart and recorded`,
          );
        }
        const postings = onlinePaymentPostings(events[index] as readonly OnlinePaymentEvent[]).flat();
        const apart = postings.filter(({ account }) => account[0] === 'onlineApart');
        const sum = apart.reduce((total, { amountMinor }) => total + amountMinor, 0);
        assert.equal(sum, posted, `onlineApart of ${payment.onlinePaymentId}`);
      }
    }),
    clause(
      'reports that come again change nothing, and every account adds up',
      onlineStories,
      (story, subject) => {
        // The second time, returns whose captures were unknown are recorded.
        const before = runOnlineStory(story, subject, 2);
        const after = runOnlineStory(story, subject, 3);
        same(after.payments, before.payments, 'the payments');
        for (const [patronId, account] of before.accounts) {
          same(accountOf(after, patronId), account, `the account of ${patronId}`);
          same(violations(account), [], `the account of ${patronId}`);
        }
      },
    ),
    inStores(
      'what a provider did is in the books once, or apart, or a finding names it, and people can end every finding',
      (fc, { policies, maxCommands }) => providerStories(fc, policies, 2 * maxCommands),
      async (story, { openStores }) => {
        await playProviderStory(story, openStores);
      },
    ),
  ],
};

type Capture = OnlinePayment['captures'][number];

function isApart(payment: OnlinePayment, part: Parameters<typeof isSamePart>[0]): boolean {
  return onlineParts(payment).some((one) => isSamePart(one, part) && one.state === 'apart');
}

/** Whether a person said to record a part of a return although one of its captures is apart: the account lacks that money. */
function isContradicted({ payments }: OnlineOutcome, waiting: UnrecordedPart): boolean {
  return payments.some((payment) => {
    const part = onlineParts(payment).find((one) => isSamePart(one, waiting));
    const { patronId } = waiting;
    return (
      part?.what === 'record' &&
      part.of.some((externalTransactionId) =>
        isApart(payment, { kind: 'capture', externalTransactionId, patronId }),
      )
    );
  });
}

function accountOf({ accounts }: OnlineOutcome, patronId: string): PatronAccount {
  return accounts.get(patronId) as PatronAccount;
}

function sumOf(entries: readonly Pick<Payment, 'amount'>[]): number {
  return entries.reduce((sum, { amount }) => sum + amount, 0);
}

function reversals({ payments }: PatronAccount) {
  return payments.flatMap((payment) => payment.reversals);
}

function isOf(reversalId: string, id: string): boolean {
  return reversalId === id || reversalId.startsWith(`${id}-`);
}

/** What staff refunded, and reversed by hand, in minor units. */
function byStaff(account: PatronAccount): number {
  const byHand = reversals(account).filter(({ reversalId }) => reversalId.startsWith('staff'));
  return sumOf(account.refunds.filter(({ reversed }) => !reversed)) + sumOf(byHand);
}

function usedOf(payments: readonly OnlinePayment[]): number {
  const returns = payments.flatMap(({ recorded }) => recorded.filter(({ kind }) => kind === 'return'));
  return returns.reduce((sum, { byOthers = '0' }) => sum + units(byOthers), 0);
}
