import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { AMOUNT_MAX } from './amounts.js';
import { type PolicyVariant, policyVariants } from './policies.js';

/** Everything that a move can try. The last ones ask for what no policy allows. */
export const moveKinds = [
  'assess',
  'assessLost',
  'accrue',
  'accrueAgain',
  'endAccrual',
  'pay',
  'payWhole',
  'payAll',
  'payAllocated',
  'overpay',
  'payPart',
  'payAgain',
  'waive',
  'waiveSome',
  'waiveTransferred',
  'returnItem',
  'dispute',
  'resolve',
  'transfer',
  'transferCredit',
  'transferEligible',
  'settle',
  'recall',
  'goodwill',
  'imported',
  'cancelCredit',
  'applyCredit',
  'allocateCredit',
  'refund',
  'cancelFee',
  'reversePayment',
  'reverseWaiver',
  'reverseApplication',
  'reverseRefund',
  'reverseSettlement',
  'misfit',
  'idTaken',
  'derivedIdTaken',
] as const;

/** What happens often in a library, so that accounts have something to go on. */
const common = [
  'assess',
  'assessLost',
  'accrueAgain',
  'payWhole',
  'waive',
  'transfer',
  'returnItem',
  'dispute',
  'resolve',
  'reversePayment',
] as const;

/**
 * One step of a story: what is tried, and a few numbers. Which fee, credit or amount these mean is worked out against
 * the account as it then is. So a story stays meaningful while fast-check shrinks it.
 */
export type Move = {
  readonly kind: (typeof moveKinds)[number];
  /** Chooses a row. */
  readonly pick: number;
  /** Chooses something else. */
  readonly other: number;
  /** In minor units. */
  readonly amount: number;
  readonly flag: boolean;
  /** Whether rows are preferred on which the move can succeed. */
  readonly sensible: boolean;
  /** Which policy is in force. */
  readonly policy: PolicyVariant;
};

/** A choice shrinks to its first kind of values, whichever kind it fell on. */
const acrossAll = { withCrossShrink: true } as const;

/** One move. */
export function moves(fc: FastCheck): Arbitrary<Move> {
  return fc.record({
    kind: fc.oneof(
      acrossAll,
      { weight: 3, arbitrary: fc.constantFrom(...moveKinds) },
      { weight: 2, arbitrary: fc.constantFrom(...common) },
    ),
    pick: fc.nat(30),
    other: fc.nat(30),
    amount: fc.oneof(
      acrossAll,
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 300 }) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 99_999 }) },
      { weight: 1, arbitrary: fc.integer({ min: AMOUNT_MAX - 999, max: AMOUNT_MAX }) },
    ),
    flag: fc.boolean(),
    sensible: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    policy: fc.oneof(
      acrossAll,
      { weight: 30, arbitrary: fc.constant('same' as const) },
      fc.constantFrom(...policyVariants),
    ),
  });
}

/** What the life of one fee leaves out: what adds fees, asks for something odd, or is about fines that grow. */
const notAboutFees: readonly Move['kind'][] = [
  ...(['assess', 'assessLost', 'accrue', 'accrueAgain', 'endAccrual', 'goodwill'] as const),
  ...(['misfit', 'idTaken', 'derivedIdTaken'] as const),
];

const aboutFees = moveKinds.filter((kind) => !notAboutFees.includes(kind));

/** The long life of one lost-item fee, so that what is rare comes together: cancelled and returned, reversed and recalled. */
function oneFee(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const move = moves(fc);
  const later = fc
    .tuple(move, fc.constantFrom(...aboutFees))
    .map(([any, kind]): Move => ({ ...any, kind, pick: any.pick % 3, policy: 'same' }));
  // Mostly a lost item; any fee where it makes no difference, since that is the simpler story.
  const first = fc.oneof(
    acrossAll,
    { weight: 1, arbitrary: fc.constant('assess' as const) },
    { weight: 15, arbitrary: fc.constant('assessLost' as const) },
  );
  return fc
    .tuple(move, first, fc.array(later, { maxLength: maxLength - 1, size: 'max' }))
    .map(([any, kind, rest]) => [{ ...any, kind, amount: 250, policy: 'same' }, ...rest]);
}

/** What makes a fine go up and down, and what stands in its way. */
const aboutFines = [
  ...(['accrueAgain', 'accrueAgain', 'endAccrual', 'payWhole', 'pay', 'waive', 'waiveSome'] as const),
  ...(['reverseWaiver', 'reversePayment', 'refund', 'applyCredit', 'cancelFee', 'dispute'] as const),
  ...(['resolve', 'goodwill', 'reverseApplication', 'reverseRefund', 'transfer', 'recall'] as const),
] as const;

/** What brings an ended fine down once more: it was waived, ended lower than it stood, and the waiver is undone. */
const waivedAndEnded = ['waive', 'endAccrual', 'reverseWaiver'] as const;

/** The long life of one fine that grows: paid, waived and disputed while it goes up and down. */
function oneFine(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const move = moves(fc);
  const later = fc
    .tuple(move, fc.constantFrom(...aboutFines))
    .map(([any, kind]): Move => ({ ...any, kind, pick: any.pick % 3, amount: 1 + (any.amount % 300) }));
  const rest = fc.array(later, { maxLength: maxLength - 1, size: 'max' });
  return fc.tuple(move, rest, fc.nat(3)).map(([any, all, how]) => {
    const first: Move = { ...any, kind: 'accrue', amount: 250, other: any.other % 2, policy: 'same' };
    const told = all.map((one, index): Move => {
      // Not 0, to which it shrinks: then nothing of the story is fixed.
      const kind = how === 3 ? waivedAndEnded[index] : undefined;
      return kind === undefined ? one : { ...one, kind, other: 0, flag: false, sensible: true };
    });
    return [first, ...told];
  });
}

/** What becomes of a transfer. */
const aboutTransfers = [
  'settle',
  'reverseSettlement',
  'recall',
  'waiveTransferred',
  'cancelFee',
  'transferCredit',
  'returnItem',
] as const;

/** The long life of one transfer: settled in parts, recalled, reversed. */
function oneTransfer(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const later = fc
    .tuple(moves(fc), fc.constantFrom(...aboutTransfers))
    .map(([any, kind]): Move => ({ ...any, kind, policy: 'same' }));
  return fc.array(later, { minLength: 1, maxLength, size: 'max' }).map((all) =>
    all.map((move, index): Move => {
      if (index === 0) return { ...move, kind: 'assessLost', amount: 250 };
      // With this remainder of 3 the external system is expected to report payments back.
      const other = 1 + 3 * (move.other % 10);
      return index === 1 ? { ...move, kind: 'transfer', other, sensible: true } : move;
    }),
  );
}

/** What becomes of a payment and of its overpayment credit. */
const aboutPayments = [
  'payPart',
  'payAgain',
  'assess',
  'refund',
  'applyCredit',
  'transferCredit',
  'cancelCredit',
  'reversePayment',
  'reverseRefund',
  'reverseApplication',
  'recall',
] as const;

/** The long life of one overpayment: spent, refunded, cancelled, reversed, and all of that undone. */
function oneOverpayment(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const later = fc
    .tuple(moves(fc), fc.constantFrom(...aboutPayments))
    .map(([any, kind]): Move => ({ ...any, kind, pick: any.pick % 3, policy: 'same' }));
  return fc
    .array(later, { minLength: 1, maxLength, size: 'max' })
    .map(([first, ...rest]) => [{ ...(first as Move), kind: 'overpay', amount: 250 }, ...rest]);
}

/** Plots of at most so many moves: what a story is played from. */
export function plots(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(moves(fc), { maxLength, size: 'max' }) },
    { weight: 4, arbitrary: oneFee(fc, maxLength) },
    { weight: 1, arbitrary: oneTransfer(fc, maxLength) },
    { weight: 1, arbitrary: oneOverpayment(fc, maxLength) },
    { weight: 2, arbitrary: oneFine(fc, maxLength) },
  );
}
