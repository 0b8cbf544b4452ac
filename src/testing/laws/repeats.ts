import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import type { ReceivePayment } from '../../account/commands/paymentCommands.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { CreditRefunded } from '../../account/events/creditEvents.js';
import type { PaymentReversed } from '../../account/events/paymentEvents.js';
import { findPayment, type PatronAccount } from '../../account/patronAccount.js';
import { type Payment, reversedOf } from '../../account/records.js';
import type { RejectionType } from '../../account/rejections/rejection.js';
import { digitsOf } from '../../money/currency.js';
import { parseLooseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { changesIn } from '../arbitraries/runMoves.js';
import type { Story } from '../arbitraries/story.js';
import { inStories, type LawText, type Subject } from './law.js';
import { minorUnits, total } from './referenceModel.js';

/** Law 4. */
export const repeats: LawText = {
  number: 4,
  name: 'repeats',
  sentence: 'A repeated command adds no events, whatever has happened since.',
  clauses: [
    inStories(
      'it adds nothing at once, and at the end of the story, however it is written',
      (story, subject) => {
        for (const { command, policy, after } of changesIn(story.steps)) {
          addsNothing(subject.decide(command, after, policy), command.id, `${command.id} at once`);
          addsNothing(subject.decide(command, story.account, policy), command.id, `${command.id} later`);
          addsNothing(
            subject.decide(asRetry(command), story.account, policy),
            command.id,
            `${command.id} as a retry`,
          );
        }
      },
    ),
    inStories('another command under the id of one that was done is refused', (story, { decide }) => {
      for (const { command, policy, after } of changesIn(story.steps)) {
        const { id, at } = command;
        // A fee cannot be disputed under its own id.
        const other: Command = { type: 'DisputeFee', id, at, feeId: id };
        for (const changed of [other, ...changedVariants(command)])
          for (const account of [after, story.account])
            isRefused(decide(changed, account, policy), 'IdAlreadyUsed', `${id}: ${JSON.stringify(changed)}`);
      }
    }),
    inStories(
      'a part of an external transaction that was taken adds nothing under another id, is refused once it was reversed whole, and with another amount if the transaction has no total',
      (story, { decide }) => {
        for (const { command, policy } of changesIn(story.steps)) {
          if (command.type !== 'ReceivePayment' || command.externalTransactionId === undefined) continue;
          const again = { ...command, id: 'the same transaction' };
          const payment = findPayment(story.account, command.id) as Payment;
          const decision = decide(again, story.account, policy);
          const what = `${command.id} under another id`;
          const type = 'ExternalTransactionAlreadyUsed';
          if (reversedOf(payment) === payment.amount) isRefused(decision, type, `${what}, reversed`);
          // Cut to what the total left. The total is recorded, and another part of it may have been reversed.
          else if (isCut(command, payment, policy)) assert.deepEqual(decision.events, [], what);
          else addsNothing(decision, command.id, what);
          // With a total, a fee may be paid in several parts.
          if (hasTotal(story.account, payment)) continue;
          const more = { ...again, amount: otherAmount(command.amount) };
          isRefused(decide(more, story.account, policy), type, `${command.id} with another amount`);
        }
      },
    ),
    inStories(
      "a provider's refund that was recorded adds nothing under another id, and is refused once it was undone",
      (story, { decide }) => {
        for (const { command, policy } of changesIn(story.steps)) {
          if (!isProviderRefund(command)) continue;
          const decision = decide({ ...command, id: 'the same refund' }, story.account, policy);
          const what = `${command.id} under another id`;
          const undone = story.account.refunds.some((row) => row.refundId === command.id && row.reversed);
          if (undone) isRefused(decision, 'ExternalRefundAlreadyUsed', what);
          else addsNothing(decision, command.id, what);
        }
      },
    ),
    inStories("a provider's refund is recorded once, or pays back no more than its total", ({ steps }) => {
      const events = changesIn(steps)
        .flatMap(({ decision }) => [...decision.events])
        .filter(isPaidBack);
      for (const { data } of events) {
        const { method, externalTransactionId } = data;
        const parts = events.filter(
          (one) =>
            one.data.method === method &&
            externalTransactionId !== undefined &&
            one.data.externalTransactionId === externalTransactionId,
        );
        const all = parts.find((one) => one.data.externalTransactionTotal !== undefined);
        const sum = total(parts.map((one) => minorUnits(one.data.amount)));
        const most = all === undefined ? undefined : minorUnits(all.data.externalTransactionTotal as string);
        const holds = most === undefined ? parts.length <= 1 : sum <= most;
        assert.ok(holds, `${externalTransactionId}: ${parts.length} parts, ${sum} of ${most}`);
      }
    }),
    inStories('the whole story adds nothing when it is sent again as one list', (story, { decide }) => {
      const commands = ownCommands(story);
      const first = commands[0]?.id;
      addsNothing(decide(commands, story.account, story.policy), first, 'the story again');
      addsNothing(decide([...commands, ...commands], story.account, story.policy), first, 'the story twice');
    }),
    inStories(
      'what was refused is refused again for the same reason, while nothing happens',
      (story, { decide }) => {
        for (const { command, before, decision, policy } of story.steps)
          assert.deepEqual(decide(command, before, policy), decision);
      },
    ),
  ],
};

function isProviderRefund(command: Command): boolean {
  const { type } = command;
  return (
    (type === 'RefundCredit' || type === 'ReversePayment') && command.externalTransactionId !== undefined
  );
}

function isPaidBack(event: AccountEvent): event is CreditRefunded | PaymentReversed {
  return event.type === 'CreditRefunded' || event.type === 'PaymentReversed';
}

/** Whether the total of a payment's external transaction is known. */
function hasTotal({ payments }: PatronAccount, { method, externalTransactionId }: Payment): boolean {
  return payments.some(
    (part) =>
      part.method === method &&
      part.externalTransactionId === externalTransactionId &&
      part.externalTransactionTotal !== null,
  );
}

/** Whether less was recorded than the command says. */
function isCut({ amount }: ReceivePayment, payment: Payment, { currency }: FeePolicy): boolean {
  return payment.amount < parseLooseAmount(amount, digitsOf(currency));
}

/** Checks that a decision adds nothing and names what was recorded before, if anything was. */
function addsNothing(decision: ReturnType<Subject['decide']>, id: string | undefined, what: string): void {
  const { accepted, events } = decision;
  const found = { accepted, events, repeats: decision.accepted ? decision.repeats?.id : undefined };
  assert.deepEqual(
    found,
    { accepted: true, events: [], repeats: id },
    `${what}: ${JSON.stringify(decision)}`,
  );
}

function isRefused(decision: ReturnType<Subject['decide']>, type: RejectionType, what: string): void {
  const found = decision.accepted ? 'accepted' : decision.rejection.type;
  assert.deepEqual({ found, events: decision.events }, { found: type, events: [] }, `${what}: ${found}`);
}

/** Returns variants of a command, each with one change that makes it a different request. */
function changedVariants(command: Command): Command[] {
  const changes = Object.entries(command).flatMap(([name, value]): object[] => {
    if (typeof value !== 'string') return [];
    if (name === 'amount') return [{ amount: otherAmount(value) }];
    return asked.has(name) ? [{ [name]: `${value}'` }] : [];
  });
  return changes.map((change) => ({ ...command, ...change }) as Command);
}

/** Returns a different amount with the same number of decimals, never zero. */
function otherAmount(amount: string): string {
  return amount.replace(/\d$/, (digit) => (digit === '1' ? '2' : '1'));
}

/**
 * The string fields that are part of the request. An external transaction id is left out: it is looked up after the
 * command's id.
 */
const asked = new Set([
  'reason',
  'feeType',
  'owner',
  'loanId',
  'method',
  'reference',
  'destination',
  'externalReference',
  'feeId',
  'creditId',
  'paymentId',
  'waiverId',
  'transferId',
  'applicationId',
  'refundId',
  'settlementId',
]);

/** Returns the commands that changed something under the story's own policy. */
function ownCommands({ steps, policy }: Story): readonly Command[] {
  return changesIn(steps)
    .filter((step) => step.policy === policy)
    .map(({ command }) => command);
}

/** Returns the same request as another user would send it, later and written differently. */
function asRetry(command: Command): Command {
  const other = {
    at: '2027-01-01T00:00:00+02:00',
    by: { channel: 'job' as const },
    comment: 'once more',
    staffNote: 'came in twice',
    metadata: { correlationId: 'second try' },
  };
  return rewritten({ ...command, ...other }) as Command;
}

/** Returns the same data with reversed fields and amounts without trailing zeros, at any depth. */
function rewritten(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => rewritten(one));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).reverse();
    return Object.fromEntries(entries.map(([key, inner]) => [key, rewritten(inner, key)]));
  }
  const isAmount = typeof value === 'string' && /amount$/i.test(name);
  return isAmount ? value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : value;
}
