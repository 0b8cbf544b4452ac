import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { namings } from '../arbitraries/ids.js';
import { moveLists } from '../arbitraries/moveLists.js';
import type { Move } from '../arbitraries/moves.js';
import { runMoves } from '../arbitraries/runMoves.js';
import { clause, inStories, type LawText, statesOf } from './law.js';
import { minorUnits } from './referenceModel.js';

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
