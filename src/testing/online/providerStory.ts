import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';

/** What can happen, and how often beside the others. */
const weights = {
  start: 5,
  startAgain: 2,
  take: 10,
  takeMore: 2,
  giveBack: 6,
  comesBack: 3,
  debit: 3,
  fail: 2,
  close: 1,
  tell: 12,
  tellEnd: 2,
  tellDebit: 2,
  mistake: 1,
  payOut: 5,
  payOutAgain: 2,
  payoutFails: 1,
  rowChanges: 1,
  cost: 1,
  elsewhere: 1,
  monitor: 6,
  settle: 6,
  settleTwice: 2,
  reopen: 2,
  cash: 1,
  portal: 2,
  refund: 2,
  byHand: 2,
  disputeFee: 1,
  desk: 1,
  break: 2,
  repair: 2,
  wait: 3,
} as const;

/** What happens in a step. */
export type ProviderStepKind = keyof typeof weights;

/** A step of a story. Its numbers choose among what there is when it happens. */
export type ProviderStep = {
  readonly kind: ProviderStepKind;
  readonly which: number;
  readonly other: number;
  /** Minor units; 0 for the amount that is to be expected. */
  readonly amount: number;
  /** The write at which the process of the step dies, from 1 on; 0 if it lives. */
  readonly dies: number;
  /** Whether that write is stored all the same. */
  readonly isStored: boolean;
  /** The write before which the next step happens, in another process; 0 if it happens afterwards. */
  readonly meets: number;
};

/** A story of online payments: what is agreed, and what the provider, patrons, staff and processes do. */
export type ProviderStory = {
  readonly policy: FeePolicy;
  /** The fees of each patron, in minor units. */
  readonly fees: readonly (readonly number[])[];
  readonly serviceFee: 'none' | 'fixed' | 'percent';
  readonly isShared: boolean;
  /** How many payments have begun before the first step. */
  readonly begun: number;
  /** Whether the provider answers when it is asked at the end; otherwise only payouts tell what was lost. */
  readonly answers: boolean;
  readonly steps: readonly ProviderStep[];
};

/** Returns a step in which nobody dies. */
const quiet = (kind: ProviderStepKind, numbers: Partial<ProviderStep> = {}): ProviderStep => ({
  ...{ kind, which: 0, other: 1, amount: 0, dies: 0, isStored: false, meets: 0 },
  ...numbers,
});

const taken = [quiet('take'), quiet('tell')];
/** A person settles what waits, or is kept. */
const settled = [quiet('monitor'), quiet('settle')];
/** How stories may begin: what happens rarely by chance, since each step needs the one before. */
const beginnings: readonly (readonly ProviderStep[])[] = [
  // A part is apart, to be recorded, and apart again.
  [quiet('start'), quiet('break'), ...taken, ...settled, quiet('reopen'), ...settled],
  // A return follows its capture, which stays apart or is recorded after all.
  [quiet('start'), quiet('break'), ...taken, ...settled, quiet('giveBack'), quiet('tell')],
  [quiet('start'), quiet('break'), ...taken, ...settled, quiet('giveBack'), quiet('tell'), quiet('reopen')],
  // Who had the money back in cash wins the chargeback.
  [
    ...[quiet('start'), ...taken, quiet('break'), quiet('giveBack'), quiet('tell'), ...settled],
    ...[quiet('repair'), quiet('comesBack'), quiet('tell')],
  ],
  // Another tab is closed while a debit is under way, and the patron begins again.
  [quiet('start'), quiet('debit', { other: 4 }), quiet('tellEnd', { other: 0 }), quiet('start')],
  // The failure of a debit is told after the next one has begun.
  [
    ...[quiet('start'), quiet('debit', { other: 2 }), quiet('wait', { which: 1 }), quiet('fail')],
    ...[
      quiet('wait', { which: 1 }),
      quiet('debit', { other: 4 }),
      quiet('tellDebit', { other: 0 }),
      quiet('start'),
    ],
  ],
  // A row without a reference is settled, and its transaction told afterwards.
  [
    ...[
      quiet('start'),
      quiet('take', { other: 5 }),
      quiet('payOut'),
      quiet('monitor'),
      quiet('settle', { other: 3 }),
    ],
    ...[quiet('tell'), ...settled],
  ],
  // A return names another payment than that of its capture.
  [quiet('start'), ...taken, quiet('giveBack'), quiet('tell', { other: 0 })],
  // The program tells a hundred times too much.
  [quiet('start'), quiet('take'), quiet('mistake')],
  // Staff enter the same return in both accounts, which have credits since they paid at the desk as well.
  [
    ...[
      quiet('start', { which: 2 }),
      quiet('cash', { amount: 900 }),
      quiet('cash', { which: 1, amount: 900 }),
    ],
    ...[
      ...taken,
      quiet('giveBack', { amount: 50 }),
      quiet('refund'),
      quiet('refund', { which: 1 }),
      quiet('tell'),
    ],
  ],
  // Another program posts what was taken in an account that has no part of it.
  [
    quiet('start', { which: 2 }),
    quiet('takeMore', { amount: 200 }),
    quiet('portal', { which: 1 }),
    quiet('tell'),
  ],
];

/** Generates stories of online payments. */
export function providerStories(
  fc: FastCheck,
  policies: readonly FeePolicy[],
  maxSteps: number,
): Arbitrary<ProviderStory> {
  const step = fc.record({
    kind: fc.oneof(
      ...Object.entries(weights).map(([kind, weight]) => ({
        weight,
        arbitrary: fc.constant(kind as ProviderStepKind),
      })),
    ),
    which: fc.nat(11),
    other: fc.nat(23),
    amount: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })),
    dies: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }) },
    ),
    isStored: fc.boolean(),
    meets: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
    ),
  });
  const fee = fc.integer({ min: 100, max: 900 });
  return fc.record({
    policy: fc.constantFrom(...policies),
    fees: fc.tuple(
      fc.array(fee, { minLength: 1, maxLength: 3 }),
      fc.array(fee, { minLength: 1, maxLength: 2 }),
    ),
    serviceFee: fc.constantFrom('none', 'fixed', 'percent'),
    isShared: fc.boolean(),
    begun: fc.nat(2),
    answers: fc.boolean(),
    // As long as allowed: a short story has neither money that goes back nor a payout.
    steps: fc
      .tuple(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant<readonly ProviderStep[]>([]) },
          { weight: 1, arbitrary: fc.constantFrom(...beginnings) },
        ),
        fc.array(step, { maxLength: maxSteps, size: 'max' }),
      )
      .map(([first, others]) => [...first, ...others].slice(0, maxSteps)),
  });
}

/** The payment method of the payments. */
export const METHOD = 'ONLINE';

/** Returns a policy with online payments, made of another one, and a type of its fees. */
export function onlinePolicy(
  { policy, serviceFee, isShared }: Omit<ProviderStory, 'steps' | 'fees' | 'begun'>,
  half: string,
) {
  const usable = Object.entries(policy.feeTypes).filter(([, rule]) => {
    return rule.retired !== true && !rule.lostItem && rule.payableOnline !== false;
  });
  const feeTypes = usable.length > 0 ? policy.feeTypes : { ...policy.feeTypes, ONLINE: { label: 'Online' } };
  const feeType = usable[0]?.[0] ?? 'ONLINE';
  const paymentMethods = { ...policy.paymentMethods, [METHOD]: 'Online', CASH: 'Cash' };
  const shortfallFee = { feeType, owner: 'MAIN' };
  const onlinePayments = {
    method: METHOD,
    shortfallFee,
    sharedAccount: isShared,
    ...(serviceFee === 'fixed' && { serviceFee: { amount: half } }),
    ...(serviceFee === 'percent' && { serviceFee: { percent: 4 } }),
  };
  const { currency } = policy;
  return {
    feeType,
    /** The policy that the payments are under. */
    rules: definePolicy({ ...policy, feeTypes, paymentMethods, onlinePayments }),
    /** Staff of these stories may do everything. */
    staffRules: definePolicy({ currency, feeTypes, paymentMethods, onlinePayments }),
  };
}
