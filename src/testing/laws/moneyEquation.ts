import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PaymentReceived } from '../../account/events/paymentEvents.js';
import { violations } from '../../account/invariants.js';
import { digitsOf } from '../../money/currency.js';
import { parseLooseAmount } from '../../money/money.js';
import { changesIn } from '../arbitraries/runMoves.js';
import { figuresOf } from './figures.js';
import { inStories, type LawText, statesOf } from './law.js';
import { minorUnits, type ReferenceFee, type ReferenceModel, total } from './referenceModel.js';

/** Law 3. */
export const moneyEquation: LawText = {
  number: 3,
  name: 'the money equation',
  sentence: 'All money that came in is refunded, transferred, owed as a refundable credit, or kept by fees.',
  clauses: [
    inStories('it holds in every state, exactly', (story) => {
      for (const { account, model } of statesOf(story)) {
        const broken = violations(account).filter(({ invariant }) => invariant === 'the money equation');
        assert.deepEqual(broken, []);
        // Moved amounts come from the events and states from the account: otherwise the account would be compared with
        // itself.
        const found = figuresOf(account);
        const owedToThePatron = refundable(found).map(
          (credit) => credit.transferred + credit.remaining + (credit.feeId === null ? credit.cancelled : 0n),
        );
        const kept = found.fees.map((fee) => moneyIn(fee) - fee.givenBack);
        assert.equal(received(model), model.cash.refunded + total(owedToThePatron) + total(kept));
      }
    }),
    inStories(
      'no more cash goes out than came in, except what fees gave back before a payment was reversed',
      (story) => {
        for (const { model } of statesOf(story)) {
          const out = model.cash.refunded + total(refundable(model).map(({ transferred }) => transferred));
          const most = received(model) + excess(model);
          assert.ok(out <= most, `${out} went out, ${most} at most may`);
        }
      },
    ),
    inStories(
      'a fee gives back more than came in only where a payment, a settlement or the use of a credit is reversed',
      (story) => {
        let before = 0n;
        for (const { model, step } of statesOf(story)) {
          const now = excess(model);
          const { type } = step.command;
          const reversal =
            type === 'ReversePayment' || type === 'ReverseSettlement' || type === 'ReverseCreditApplication';
          assert.ok(now <= before || reversal, `${type} raised what fees gave back above what came in`);
          before = now;
        }
      },
    ),
    inStories(
      'what a command says came in or went out is what is recorded; less only where the total of its transaction leaves less',
      ({ steps }) => {
        const events: AccountEvent[] = [];
        for (const { command, policy, decision } of changesIn(steps)) {
          const room = roomOf(command, decision.events, events);
          for (const event of decision.events) events.push(event);
          const type = recordedBy[command.type];
          if (type === undefined || !('amount' in command) || command.amount === undefined) continue;
          // An external system's payment above what is pending becomes a credit on top of the event's amount.
          const surplus = command.type === 'SettleTransfer' ? 'CreditIssued' : type;
          const recorded = decision.events.map((event) =>
            event.type === type || event.type === surplus ? amountOf(event) : 0n,
          );
          const asked = BigInt(parseLooseAmount(command.amount, digitsOf(policy.currency)));
          const expected = room !== undefined && room < asked ? room : asked;
          assert.equal(total(recorded), expected, `${command.type} ${command.id}`);
        }
      },
    ),
    inStories('no transaction of a payment provider brings in more than its total', ({ steps }) => {
      const events = changesIn(steps).flatMap(({ decision }) => decision.events);
      for (const { command } of changesIn(steps)) {
        const room = roomOf(command, [], events);
        assert.ok(room === undefined || room >= 0n, `${command.id}: ${room} is left of its transaction`);
      }
    }),
  ],
};

/**
 * Returns what the transaction of a payment can still bring in, after some events; undefined without a transaction or a
 * total.
 *
 * @param own - the events of the payment, which may say the total
 */
function roomOf(
  command: Command,
  own: readonly AccountEvent[],
  events: readonly AccountEvent[],
): bigint | undefined {
  if (command.type !== 'ReceivePayment' || command.externalTransactionId === undefined) return undefined;
  const isPart = (event: AccountEvent): event is PaymentReceived =>
    event.type === 'PaymentReceived' &&
    event.data.method === command.method &&
    event.data.externalTransactionId === command.externalTransactionId;
  const said = [...events, ...own].filter(isPart).map(({ data }) => data.externalTransactionTotal);
  const all = said.find((text) => text !== undefined);
  const recorded = events.filter(isPart).map(({ data }) => minorUnits(data.amount));
  return all === undefined ? undefined : minorUnits(all) - total(recorded);
}

/** The event that records how much of a command's money moved. */
const recordedBy: Readonly<Partial<Record<Command['type'], AccountEvent['type']>>> = {
  ReceivePayment: 'PaymentReceived',
  SettleTransfer: 'TransferSettled',
  RefundCredit: 'CreditRefunded',
  ReversePayment: 'PaymentReversed',
  ReverseSettlement: 'SettlementReversed',
  RecallTransfer: 'TransferRecalled',
};

/**
 * Returns the amount of an event; for a reversed settlement including what was withdrawn or charged again instead of
 * becoming pending.
 */
function amountOf({ type, data }: AccountEvent): bigint {
  if (!('amount' in data)) return 0n;
  if (type !== 'SettlementReversed') return minorUnits(data.amount);
  const { amount, surplus, shortfall } = data;
  const parts = [amount, surplus?.amount, surplus?.cancelled, shortfall?.amount];
  return total(parts.map((part) => (part === undefined ? 0n : minorUnits(part))));
}

function moneyIn(fee: ReferenceFee): bigint {
  return fee.paid + fee.settledByCredit.refundable;
}

/** Returns by how much fees gave back more than came in for them. */
function excess({ fees }: ReferenceModel): bigint {
  return total(fees.map((fee) => fee.givenBack - moneyIn(fee)).filter((above) => above > 0n));
}

function received({ cash }: ReferenceModel): bigint {
  return cash.received - cash.handedBack + cash.imported + cash.settlementSurplus;
}

function refundable({ credits }: Pick<ReferenceModel, 'credits'>) {
  return credits.filter(({ purpose }) => purpose === 'refundable');
}
