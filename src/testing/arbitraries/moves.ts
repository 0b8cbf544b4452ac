import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { AMOUNT_MAX } from './amounts.js';
import { type PolicyVariant, policyVariants } from './policies.js';

/** The kinds of moves. The last ones request what no policy allows. */
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
  'agreePlan',
  'endPlan',
  'misfit',
  'idTaken',
  'derivedIdTaken',
] as const;

/** Frequent events in a library, so that accounts have rows to work with. */
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
 * One step of a story: its kind, and a few numbers. The fee, credit or amount they select depends on the account at
 * that step, so a story stays meaningful while fast-check shrinks it.
 */
export type Move = {
  readonly kind: (typeof moveKinds)[number];
  /** Selects a row. */
  readonly pick: number;
  /** Selects something else. */
  readonly other: number;
  /** The amount, in minor units. */
  readonly amount: number;
  readonly flag: boolean;
  /** Whether rows on which the move can succeed are preferred. */
  readonly sensible: boolean;
  /** The policy in force. */
  readonly policy: PolicyVariant;
};

/** A choice always shrinks to its first kind of values. */
const acrossAll = { withCrossShrink: true } as const;

/** Generates moves. */
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
      fc.constant('strict' as const),
    ),
  });
}
