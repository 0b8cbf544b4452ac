import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { type PaymentOrder, paymentOrders } from '../../policy/paymentOrder.js';
import { type Permissions, type PermittedCommand, permittedCommands } from '../../policy/permissions.js';
import type { FeePolicyInput, FeeTypeInput } from '../../policy/policyInput.js';
import type { WaiveReason } from '../../policy/policyRules.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { minorAmounts } from './amounts.js';

const lostItem = (refundPercent: number): FeeTypeInput => ({
  label: `Lost item, ${refundPercent} percent back`,
  lostItem: true,
  refundPercent,
});

/** Fee types of every kind that the rules distinguish, with percentages that need rounding and some that do not. */
export const feeTypes: Readonly<Record<string, FeeTypeInput>> = {
  OTHER: { label: 'Other' },
  FIXED: { label: 'May not be waived', waiveable: false, vatPercent: 7 },
  SENT: { label: 'Charged by jobs only', manual: false, vatPercent: 8.1 },
  OLD: { label: 'No longer charged', retired: true },
  LOST100: lostItem(100),
  LOST50: { ...lostItem(50), vatPercent: 19 },
  LOST33: { ...lostItem(33.3), vatPercent: 19 },
  LOST0: lostItem(0),
};

/** A waiver and a write-off. */
const waiveReasons: NonNullable<FeePolicyInput['waiveReasons']> = {
  OTHER: 'Other',
  BADDEBT: { label: 'Debt given up', kind: 'writeOff' },
};

const inputs: readonly FeePolicyInput[] = [
  { currency: 'USD' },
  {
    currency: 'USD',
    overpayment: 'credit',
    unpaidOnReturn: 'all',
    transfers: { expectsSettlement: true },
    accrualLimits: { OTHER: '6.00' },
    forfeitAfterDays: 30,
  },
  {
    currency: 'JPY',
    overpayment: 'credit',
    paymentOrder: 'proportional',
    forfeitAfterDays: 1,
    transfers: { expectsSettlement: true },
  },
  { currency: 'KWD', paymentOrder: 'evenly', unpaidOnReturn: 'all', accrualLimits: { OTHER: '0.250' } },
  {
    currency: 'USD',
    paymentOrder: 'largest-first',
    transfers: { fees: { minimumAmount: '5.00', minimumAgeDays: 2 }, credits: { minimumAmount: '0.50' } },
  },
  {
    currency: 'EUR',
    overpayment: 'credit',
    paymentOrder: 'newest-first',
    forfeitAfterDays: 365,
    transfers: { expectsSettlement: true, fees: { minimumAmount: '1.00' }, credits: { minimumAgeDays: 3 } },
  },
  { currency: 'BHD', paymentOrder: 'smallest-first' },
];

/** Policies with every setting that changes a rule. */
export const usualPolicies: readonly FeePolicy[] = inputs.map((input) =>
  definePolicy({ ...input, feeTypes, waiveReasons }),
);

/**
 * Variants of a policy at another time or place, because an account outlives a policy: with different rules, with
 * removed types and reasons, in another currency, with permissions by role.
 */
export const policyVariants = ['same', 'next', 'later', 'foreign', 'strict'] as const;

/** The name of one of {@link policyVariants}. */
export type PolicyVariant = (typeof policyVariants)[number];

const known = new WeakMap<FeePolicy, Map<PolicyVariant, FeePolicy>>();

/** Returns a variant of a policy. */
export function variantOf(policy: FeePolicy, variant: PolicyVariant): FeePolicy {
  if (variant === 'same') return policy;
  const variants = known.get(policy) ?? new Map<PolicyVariant, FeePolicy>();
  known.set(policy, variants);
  const made = variants.get(variant) ?? definePolicy(inputOf(policy, variant));
  variants.set(variant, made);
  return made;
}

function inputOf(policy: FeePolicy, variant: Exclude<PolicyVariant, 'same'>): FeePolicyInput {
  if (variant === 'next') {
    const order = (paymentOrders.indexOf(policy.paymentOrder) + 1) % paymentOrders.length;
    return {
      ...policy,
      overpayment: policy.overpayment === 'credit' ? 'refuse' : 'credit',
      unpaidOnReturn: policy.unpaidOnReturn === 'all' ? 'percent' : 'all',
      paymentOrder: paymentOrders[order] as PaymentOrder,
    };
  }
  if (variant === 'foreign') {
    const { expectsSettlement } = policy.transfers;
    const currency = policy.currency === 'EUR' ? 'USD' : 'EUR';
    // The amounts of a policy are in its currency, so they are dropped.
    return { ...policy, currency, transfers: { expectsSettlement }, blockLimits: {}, accrualLimits: {} };
  }
  if (variant === 'strict') return { ...policy, permissions: permissionsIn(policy) };
  return { ...policy, feeTypes: changedTypes(policy), waiveReasons: Object.fromEntries(reasonsLeft(policy)) };
}

/** The roles that commands of a strict policy have, one after the other; none of them is the patron. */
export const storyRoles = ['MANAGER', 'CLERK', 'VOLUNTEER'] as const;

/** What a clerk of a strict policy may not do. */
const notByClerks: ReadonlySet<PermittedCommand> = new Set([
  'ResolveDispute',
  'RecallTransfer',
  'RefundCredit',
  'ReverseCreditApplication',
  'EndPaymentPlan',
  'ImportCredit',
]);

/** A manager may do everything, a clerk all but some commands and up to an amount, and a volunteer nothing. */
function permissionsIn({ currency }: FeePolicy): Permissions {
  const upTo = formatAmount(500, digitsOf(currency));
  return Object.fromEntries(
    permittedCommands.map((command) => [
      command,
      { MANAGER: {}, ...(notByClerks.has(command) ? {} : { CLERK: { upTo } }) },
    ]),
  );
}

/**
 * Retires the first ordinary type, changes the refund percentage of the first lost-item type, and removes the last
 * lost-item type if there are several.
 */
function changedTypes({ feeTypes: types }: FeePolicy): Readonly<Record<string, FeeTypeInput>> {
  const codes = Object.keys(types);
  const ordinary = codes.find((code) => types[code]?.lostItem === false);
  const lost = codes.filter((code) => types[code]?.lostItem);
  return Object.fromEntries(
    Object.entries(types).flatMap(([code, type]): [string, FeeTypeInput][] => {
      if (code === ordinary) return [[code, { ...type, retired: true }]];
      if (code === lost[0]) return [[code, { ...type, refundPercent: (type.refundPercent + 80) % 100 }]];
      return lost.length > 1 && code === lost.at(-1) ? [] : [[code, type]];
    }),
  );
}

function reasonsLeft({ waiveReasons }: FeePolicy): [string, WaiveReason][] {
  return Object.entries(waiveReasons).slice(0, 1);
}

/** Generates policies with random rules, percentages, minimums and limits. They shrink to the default rules. */
export function madePolicies(fc: FastCheck): Arbitrary<FeePolicy> {
  const minor = minorAmounts(fc);
  const minimum = fc.record({ minor, minimumAgeDays: fc.nat(60) }, { requiredKeys: [] });
  const percent = fc.oneof(
    { withCrossShrink: true },
    fc.constantFrom(100, 0, 50, 33.3),
    fc.nat(10_000).map((hundredths) => hundredths / 100),
  );
  const parts = fc.record({
    currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
    overpayment: fc.constantFrom('refuse', 'credit'),
    paymentOrder: fc.constantFrom(...paymentOrders),
    unpaidOnReturn: fc.constantFrom('percent', 'all'),
    expectsSettlement: fc.boolean(),
    minimums: fc.record({ fees: minimum, credits: minimum }),
    refundPercent: percent,
    accrualLimit: fc.option(minor, { nil: undefined }),
    limits: fc.array(fc.record({ minor, limitItselfBlocks: fc.boolean() }), { maxLength: 2 }),
  });
  return parts.map(({ expectsSettlement, minimums, refundPercent, accrualLimit, limits, ...rules }) => {
    const digits = digitsOf(rules.currency);
    const minimumOf = ({ minor, ...age }: Partial<Record<'minor' | 'minimumAgeDays', number>>) =>
      minor === undefined ? age : { ...age, minimumAmount: formatAmount(minor, digits) };
    const label = `Lost item, ${refundPercent} percent back`;
    return definePolicy({
      ...rules,
      feeTypes: { ...feeTypes, LOST: { label, lostItem: true, refundPercent, vatPercent: 5.5 } },
      waiveReasons,
      transfers: { expectsSettlement, fees: minimumOf(minimums.fees), credits: minimumOf(minimums.credits) },
      accrualLimits: accrualLimit === undefined ? {} : { OTHER: formatAmount(accrualLimit, digits) },
      blockLimits: {
        STUDENT: limits.map(({ minor, limitItselfBlocks }) => ({
          amount: formatAmount(minor, digits),
          limitItselfBlocks,
          excludedFeeTypes: ['FIXED'],
        })),
      },
    });
  });
}
