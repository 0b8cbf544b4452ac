import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { namings } from '../arbitraries/ids.js';
import { moveLists } from '../arbitraries/moveLists.js';
import type { Move } from '../arbitraries/moves.js';
import { runMoves } from '../arbitraries/runMoves.js';
import { clause, inStories, type LawText, type State, statesOf } from './law.js';
import { minorUnits, type ReferenceModel, total } from './referenceModel.js';

/** Law 2. */
export const waivers: LawText = {
  number: 2,
  name: 'waivers',
  sentence:
    'Nobody is forgiven more of a fee than its original amount, and what is forgiven never becomes cash.',
  clauses: [
    inStories('what is forgiven on a fee is never above its original amount or below zero', (story) => {
      for (const { events, model } of statesOf(story)) {
        for (const [feeId, amount] of forgiven(events)) {
          const original = model.fees.find((fee) => fee.feeId === feeId)?.original ?? 0n;
          assert.ok(amount <= original, `${amount} of ${original} were forgiven of ${feeId}`);
          assert.ok(amount >= 0n, `${amount} were forgiven of ${feeId}`);
        }
      }
    }),
    inStories('what is cancelled of a fee is never above its original amount', (story) => {
      for (const { model } of statesOf(story)) checkCancelled(model);
    }),
    inStories('what was paid in an external system is not waived there', (story) => {
      for (const state of statesOf(story)) checkWaivedElsewhere(state);
    }),
    clause(
      'where no money ever comes in, no credit is ever refundable',
      (fc, subject) =>
        fc
          .tuple(moveLists(fc, 2 * subject.maxCommands), fc.constantFrom(...subject.policies))
          .map(([moveList, policy]) =>
            runMoves(moveList.filter(isMoneyless).map(withoutPreparation), policy, namings.plain, subject),
          ),
      ({ account }) => {
        const refundable = account.credits.filter(({ purpose }) => purpose === 'refundable');
        assert.deepEqual(refundable, []);
      },
    ),
  ],
};

/** Fails if more of a fee was cancelled, here and by credits, than was ever charged. */
export function checkCancelled({ fees, credits }: Pick<ReferenceModel, 'fees' | 'credits'>): void {
  for (const { feeId, original, cancelled } of fees) {
    const own = credits.filter((credit) => credit.feeId === feeId && credit.cause === 'cancelled');
    const asCredits = total(own.map((credit) => credit.amount - credit.cancelled));
    assert.ok(
      cancelled + asCredits <= original,
      `${cancelled + asCredits} of ${original} of ${feeId} cancelled`,
    );
  }
}

/** Fails if a waiver of a transferred fee left less open in the external system than nothing. */
function checkWaivedElsewhere({ events, step, model }: State): void {
  for (const { data } of step.decision.events) {
    if (!('purpose' in data) || data.purpose !== 'external' || data.cause !== 'waived') continue;
    const fee = model.fees.find(({ feeId }) => feeId === data.feeId);
    assert.ok(fee !== undefined, `a waiver of ${data.feeId}, which was never charged`);
    const open = fee.transferred - paidElsewhere(fee.feeId, events) - fee.transferReversed;
    assert.ok(open >= 0n, `${-open} that was paid for ${fee.feeId} was waived`);
  }
}

/** Returns what external systems reported as paid for a fee, and did not take back. */
function paidElsewhere(feeId: string, events: readonly AccountEvent[]): bigint {
  const transfers = new Set<string>();
  let paid = 0n;
  for (const { type, data } of events) {
    if (type === 'FeeTransferred' && data.feeId === feeId) transfers.add(data.transferId);
    if (type === 'TransferSettled' && transfers.has(data.transferId)) paid += minorUnits(data.amount);
    if (type === 'SettlementReversed' && transfers.has(data.transferId)) paid -= minorUnits(data.amount);
  }
  return paid;
}

/** Moves that bring in no money. */
const moneyless: ReadonlySet<Move['kind']> = new Set([
  'assess',
  'assessLost',
  'waive',
  'waiveSome',
  'waiveTransferred',
  'returnItem',
  'dispute',
  'resolve',
  'transfer',
  'transferCredit',
  'transferEligible',
  'recall',
  'goodwill',
  'cancelCredit',
  'applyCredit',
  'refund',
  'cancelFee',
  'reverseWaiver',
  'reverseApplication',
  'accrue',
  'accrueAgain',
  'endAccrual',
]);

function isMoneyless({ kind }: Move): boolean {
  return moneyless.has(kind);
}

/** Returns the move without the preparation that might add a payment. */
function withoutPreparation(move: Move): Move {
  return { ...move, sensible: false };
}

/** Returns the amount forgiven of each fee: waivers and their credits, less what was undone. */
function forgiven(events: readonly AccountEvent[]): ReadonlyMap<string, bigint> {
  const byFee = new Map<string, bigint>();
  const feeOfCredit = new Map<string, string>();
  const add = (feeId: string, amount: bigint) => byFee.set(feeId, (byFee.get(feeId) ?? 0n) + amount);
  for (const { type, data } of events) {
    if (type === 'FeeWaived') add(data.feeId, minorUnits(data.amount));
    if (type === 'WaiverReversed') add(data.feeId, -minorUnits(data.amount));
    if (type === 'LostItemCreditIssued' || type === 'CreditIssued') {
      const { creditId, feeId, amount, purpose } = data;
      if (feeId === undefined || (purpose !== 'setOff' && purpose !== 'external')) continue;
      feeOfCredit.set(creditId, feeId);
      add(feeId, minorUnits(amount));
    }
    if (type === 'CreditCancelled') {
      const feeId = feeOfCredit.get(data.creditId);
      if (feeId !== undefined) add(feeId, -minorUnits(data.amount));
    }
  }
  return byFee;
}
