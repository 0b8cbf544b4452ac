import assert from 'node:assert/strict';
import { owed, remaining } from '../../account/fee.js';
import { findCredit, findFee } from '../../account/patronAccount.js';
import { type PaymentOrder, paymentOrders } from '../../policy/paymentOrder.js';
import { AMOUNT_MAX } from '../arbitraries/amounts.js';
import { type Naming, namings } from '../arbitraries/ids.js';
import { moveLists } from '../arbitraries/moveLists.js';
import { changesIn, runMoves } from '../arbitraries/runMoves.js';
import type { Step } from '../arbitraries/story.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { figuresOf } from './figures.js';
import { clause, inStories, type LawText } from './law.js';
import { minorUnits, referenceModelOf, total } from './referenceModel.js';

/** Law 9. */
export const splits: LawText = {
  number: 9,
  name: 'splits',
  sentence:
    'A split conserves every minor unit, stays within each fee, follows its order, and does not depend on ids.',
  clauses: [
    clause(
      'shares add up to the amount and stay within each fee, in every order, up to twelve digits',
      (fc) => fc.tuple(splittable(fc), fc.constantFrom(...paymentOrders)),
      ([{ owed, amount }, order], { spread }) => {
        const shares = spread(amount, owed, order);
        assert.equal(shares.length, owed.length);
        assert.equal(total(shares.map(BigInt)), BigInt(amount), `${order}: ${shares.join()}`);
        for (const [index, share] of shares.entries())
          assert.ok(share >= 0 && share <= (owed[index] as number), `${order}: ${shares.join()}`);
      },
    ),
    clause(
      'shares are what their order means',
      (fc) => fc.tuple(splittable(fc), fc.constantFrom(...paymentOrders)),
      ([{ owed, amount }, order], { spread }) =>
        checkOrder(order, spread(amount, owed, order).map(BigInt), owed.map(BigInt)),
    ),
    inStories('a payment goes to all that is payable, or to the named fees, in its order', ({ steps }) => {
      for (const step of steps) checkPayment(step);
    }),
    inStories('a payment or a credit goes only where it was owed, and to nothing in dispute', ({ steps }) => {
      for (const step of changesIn(steps)) checkAllocations(step);
    }),
    inStories('no split allocates zero or names a fee twice', ({ events }) => {
      for (const { type, data } of events) {
        if (!('allocations' in data)) continue;
        const { allocations } = data;
        const nothing = allocations.filter(({ amount }) => minorUnits(amount) <= 0n);
        assert.deepEqual(nothing, [], type);
        assert.equal(new Set(allocations.map(({ feeId }) => feeId)).size, allocations.length, type);
      }
    }),
    clause(
      'a story comes to the same figures under other ids',
      (fc, subject) =>
        fc
          .tuple(moveLists(fc, subject.maxCommands), fc.constantFrom(...subject.policies))
          .map(([moveList, policy]) => {
            const nameless = moveList.filter(({ kind }) => kind !== 'idTaken' && kind !== 'derivedIdTaken');
            const named = (naming: Naming) => runMoves(nameless, policy, naming, subject);
            return { plain: named(namings.plain), hostile: named(namings.hostile) };
          }),
      ({ plain, hostile }) => {
        assert.deepEqual(typesOf(hostile.events), typesOf(plain.events));
        assert.deepEqual(figures(hostile.events), figures(plain.events));
      },
    ),
  ],
};

/** Checks the allocations of a user's payment or credit against what its fees owed before. */
function checkAllocations({ command, before, decision }: Step): void {
  if (command.type !== 'ReceivePayment' && command.type !== 'ApplyCredit') return;
  const [event] = decision.events;
  if (event?.type !== 'PaymentReceived' && event?.type !== 'CreditApplied') return;
  // A set-off credit may use the amount that it keeps reserved.
  const own = event.type === 'CreditApplied' && findCredit(before, event.data.creditId)?.purpose === 'setOff';
  for (const { feeId, amount } of event.data.allocations) {
    const fee = findFee(before, feeId);
    const open = fee === undefined ? 0 : own ? remaining(fee) : owed(fee);
    assert.ok(
      minorUnits(amount) <= BigInt(open),
      `${amount} went to ${feeId}, ${open} minor units were owed`,
    );
    assert.equal(fee?.disputed, false, `${feeId} is disputed`);
    assert.ok(command.feeIds?.includes(feeId) ?? true, `${feeId} was not named`);
  }
}

/** Checks a payment without allocations against what its fees owed before. */
function checkPayment({ command, policy, before, decision }: Step): void {
  if (command.type !== 'ReceivePayment' || command.allocations !== undefined) return;
  const fees = figuresOf(before).fees.filter(({ feeId }) => command.feeIds?.includes(feeId) ?? true);
  const owed = fees.map((fee) => (fee.disputed ? 0n : fee.remaining - fee.reserved));
  for (const { type, data } of decision.events) {
    if (type !== 'PaymentReceived') continue;
    const paid = new Map(data.allocations.map(({ feeId, amount }) => [feeId, minorUnits(amount)]));
    const shares = fees.map(({ feeId }) => paid.get(feeId) ?? 0n);
    const kept = minorUnits(data.overpayment?.amount ?? '0');
    assert.equal(total(shares), minorUnits(data.amount) - kept, `${command.id} pays another fee`);
    if (kept > 0n) assert.equal(total(shares), total(owed), `${command.id} leaves something unpaid`);
    checkOrder(command.order ?? policy.paymentOrder, shares, owed);
  }
}

type Events = Parameters<typeof referenceModelOf>[0];

function typesOf(events: Events): readonly string[] {
  return events.map(({ type }) => type);
}

/** Returns the reference model without names. */
function figures(events: Events) {
  const { fees, credits } = referenceModelOf(events);
  return {
    fees: fees.map(({ feeId, ...fee }) => fee),
    credits: credits.map(({ creditId, feeId, ...credit }) => credit),
  };
}

/** Generates what is owed on some fees, and an amount that these can take. */
function splittable(fc: FastCheck): Arbitrary<{ readonly owed: readonly number[]; readonly amount: number }> {
  const one = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 99_999 }),
    fc.integer({ min: AMOUNT_MAX - 10, max: AMOUNT_MAX }),
  );
  return fc.array(one, { minLength: 1, maxLength: 12 }).chain((owed) => {
    const sum = owed.reduce((all, each) => all + each, 0);
    const amount = fc.oneof(
      fc.integer({ min: 0, max: sum }),
      fc.constant(sum),
      fc.constant(Math.min(1, sum)),
    );
    return fc.record({ owed: fc.constant(owed), amount });
  });
}

/** Checks shares against an order by comparing any two fees. Does not compute a split itself. */
export function checkOrder(order: PaymentOrder, shares: readonly bigint[], owed: readonly bigint[]): void {
  if (total(owed) === 0n) return;
  const message = `${order}: ${shares.join()} of ${owed.join()}`;
  const share = (index: number) => shares[index] as bigint;
  const limit = (index: number) => owed[index] as bigint;
  const everyPair = (holds: (one: number, other: number) => boolean) => {
    for (const one of owed.keys()) for (const other of owed.keys()) assert.ok(holds(one, other), message);
  };
  if (order === 'evenly') {
    // Fees that are not fully paid get equal shares; an indivisible rest goes to the first fees of the list.
    everyPair(
      (one, other) => share(one) === limit(one) || share(other) <= share(one) + (other < one ? 1n : 0n),
    );
  } else if (order === 'proportional') {
    const [amount, sum] = [total(shares), total(owed)];
    // Positive if a share was rounded up, negative if it was rounded down, by less than one minor unit. The larger
    // remainder is rounded up; of equal remainders the first in the list.
    const rounded = (index: number) => share(index) * sum - limit(index) * amount;
    everyPair((one, other) => {
      const apart = rounded(one) - rounded(other);
      return rounded(one) < sum && rounded(other) > -sum && (apart < sum || (apart === sum && one < other));
    });
  } else {
    const goesBefore = before[order];
    everyPair(
      (one, other) => !goesBefore(one, other, limit) || share(one) === limit(one) || share(other) === 0n,
    );
  }
}

type Before = (one: number, other: number, owed: (index: number) => bigint) => boolean;

/** Whether one fee is paid before another, by payment order. */
const before: Readonly<Record<Exclude<PaymentOrder, 'proportional' | 'evenly'>, Before>> = {
  'oldest-first': (one, other) => one < other,
  'newest-first': (one, other) => one > other,
  'largest-first': (one, other, owed) =>
    owed(one) > owed(other) || (owed(one) === owed(other) && one < other),
  'smallest-first': (one, other, owed) =>
    owed(one) < owed(other) || (owed(one) === owed(other) && one < other),
};
