import { PatronFeesError } from '../../errors.js';
import { mismatchText } from '../../input/faults.js';
import { nearest } from '../../input/nearest.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { FeeTypeRule } from '../../policy/policyRules.js';
import type { RequestName } from './requests.js';

/**
 * What {@link feeSystemConformance} can test besides charging fees and taking payments.
 *
 * - `paySeveralFees`: one payment is spread over several fees as the policy's payment order says, to the cent.
 * - `waive`, `dispute`, `transfer`, `returnLostItem`, `cancel`, `refund`, `reversePayment`: the functions of that name;
 *   `dispute` needs `restore` too. `refund` needs a source of refundable money: `cancel`, `returnLostItem`, or a policy
 *   that keeps overpayments.
 * - `reverseTransfers`: a transferred fee can be waived, cancelled or returned, and must then be reversed in the
 *   external system. Needs `transfer` and one of `waive`, `cancel`, `returnLostItem`.
 * - `repeats`: a request that is delivered twice, at once or much later, is executed once.
 * - `races`: requests that arrive at the same time are executed one after the other.
 *
 * The policy must allow them: `waive` needs a reason and a waiveable fee type, `returnLostItem` a lost-item fee type,
 * and `refund` with only `returnLostItem` a lost-item type with a refund percentage above 0.
 */
export const feeSystemCapabilities = [
  'paySeveralFees',
  'waive',
  'dispute',
  'transfer',
  'returnLostItem',
  'cancel',
  'refund',
  'reversePayment',
  'reverseTransfers',
  'repeats',
  'races',
] as const;

/** A capability of a fee system: see {@link feeSystemCapabilities} for what each one tests. */
export type FeeSystemCapability = (typeof feeSystemCapabilities)[number];

/** The requests that each capability adds to `assess` and `pay`. */
export const requestsOf: Readonly<Record<FeeSystemCapability, readonly RequestName[]>> = {
  paySeveralFees: [],
  waive: ['waive'],
  dispute: ['dispute', 'restore'],
  transfer: ['transfer'],
  returnLostItem: ['returnLostItem'],
  cancel: ['cancel'],
  refund: ['refund'],
  reversePayment: ['reversePayment'],
  reverseTransfers: [],
  repeats: [],
  races: [],
};

/** Returns the requests that a system with these capabilities accepts. */
export function requestsFor(capabilities: readonly FeeSystemCapability[]): readonly RequestName[] {
  return ['assess', 'pay', ...capabilities.flatMap((capability) => requestsOf[capability])];
}

/** Throws if a capability is unknown, or cannot be observed without another one. */
export function assertCapabilities(capabilities: readonly FeeSystemCapability[], policy: FeePolicy): void {
  const known: readonly unknown[] = feeSystemCapabilities;
  const list: readonly unknown[] = Array.isArray(capabilities) ? capabilities : [capabilities];
  if (Array.isArray(capabilities) && list.every((capability) => known.includes(capability)))
    return assertShown(capabilities, policy);
  const index = list.findIndex((capability) => !known.includes(capability));
  const path = Array.isArray(capabilities) ? `capabilities[${index}]` : 'capabilities';
  const expected = Array.isArray(capabilities) ? 'one of' : 'a list of';
  const found = list[index] ?? capabilities;
  const meant = typeof found === 'string' ? nearest(found, feeSystemCapabilities) : undefined;
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  const message = mismatchText(path, `${expected} ${known.join(', ')}`, found);
  throw new PatronFeesError('INVALID_ARGUMENT', message + hint);
}

/** Throws if a case could never fail because its requests can never occur. */
function assertShown(capabilities: readonly FeeSystemCapability[], policy: FeePolicy): void {
  const has = (...some: readonly FeeSystemCapability[]) => some.some((one) => capabilities.includes(one));
  const types = playedTypes(policy).map(([, rule]) => rule);
  const isEmpty = (table: object) => Object.keys(table).length === 0;
  if (types.length === 0) missingCapability('a fee type that is not retired');
  if (isEmpty(policy.paymentMethods)) missingCapability('a payment method');
  if (has('waive') && (isEmpty(policy.waiveReasons) || !types.some(({ waiveable }) => waiveable)))
    missingCapability('a reason to waive and a fee type that may be waived, for the capability waive');
  if (has('returnLostItem') && !types.some(({ lostItem }) => lostItem))
    missingCapability('a fee type of lost items, for the capability returnLostItem');
  const givesBack = has('returnLostItem') && types.some(({ refundPercent }) => refundPercent > 0);
  if (has('refund') && !has('cancel') && !givesBack && policy.overpayment === 'refuse')
    missing(
      'refund',
      'cancel, returnLostItem of a type that gives back, or a policy with overpayment credit',
    );
  if (has('reverseTransfers') && !(has('transfer') && has('waive', 'cancel', 'returnLostItem')))
    missing('reverseTransfers', 'transfer and one of waive, cancel, returnLostItem');
}

function missingCapability(what: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', `policy: expected one with ${what}`);
}

function missing(capability: FeeSystemCapability, needed: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', `capabilities: ${capability} shows only with ${needed}`);
}

/**
 * Returns the fee types used in stories: one ordinary type and all lost-item types. Types that may not be waived are
 * used only if the policy has no others, because a system does not know which types may be waived.
 */
export function playedTypes({ feeTypes }: FeePolicy): readonly (readonly [string, FeeTypeRule])[] {
  const types = Object.entries(feeTypes).filter(([, rule]) => rule.retired !== true);
  const waiveable = types.filter(([, rule]) => rule.waiveable);
  const choice = waiveable.length > 0 ? waiveable : types;
  return [
    ...choice.filter(([, rule]) => !rule.lostItem).slice(0, 1),
    ...choice.filter(([, rule]) => rule.lostItem),
  ];
}
