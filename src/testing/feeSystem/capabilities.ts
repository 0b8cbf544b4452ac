import { PatronFeesError } from '../../errors.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { playedTypes } from './playedTypes.js';
import type { RequestName } from './requests.js';

/**
 * What a fee system can be held to besides charging fees and taking payments.
 *
 * - `paySeveralFees`: one payment is spread over several fees as the policy's payment order says, to the cent.
 * - `waive`, `dispute`, `transfer`, `returnLostItem`, `cancel`, `refund`, `reversePayment`: the functions of that name;
 *   `dispute` needs `restore` too. For a refund there has to be money: with `cancel`, with `returnLostItem`, or where the
 *   policy keeps overpayments.
 * - `reverseTransfers`: what was transferred can be waived, cancelled, or come back, and then has to be reversed in the
 *   external system. Needs `transfer` and one of `waive`, `cancel`, `returnLostItem`.
 * - `repeats`: a request that is delivered twice, at once or much later, is done once.
 * - `races`: requests that come at the same time are done one after the other.
 *
 * The policy must have something to try them on: `waive` a reason and a fee type that may be waived, `returnLostItem` a
 * fee type of lost items; a `refund` that only `returnLostItem` brings money for, one that gives something back.
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

/** One of {@link feeSystemCapabilities}. */
export type FeeSystemCapability = (typeof feeSystemCapabilities)[number];

/** The requests that a capability adds to `assess` and `pay`. */
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

/** The requests that a system with these capabilities takes. */
export function requestsFor(capabilities: readonly FeeSystemCapability[]): readonly RequestName[] {
  return ['assess', 'pay', ...capabilities.flatMap((capability) => requestsOf[capability])];
}

/** Refuses capabilities that do not exist, and such that nothing could show without others. */
export function assertCapabilities(capabilities: readonly FeeSystemCapability[], policy: FeePolicy): void {
  const known: readonly unknown[] = feeSystemCapabilities;
  const list: readonly unknown[] = Array.isArray(capabilities) ? capabilities : [capabilities];
  if (Array.isArray(capabilities) && list.every((capability) => known.includes(capability)))
    return assertShown(capabilities, policy);
  const found = String(list.find((capability) => !known.includes(capability)) ?? capabilities);
  const message = `capabilities: expected a list of ${known.join(', ')}; found ${found}`;
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}

/** Without these a case would hold of every system, because what it is about never happens. */
function assertShown(capabilities: readonly FeeSystemCapability[], policy: FeePolicy): void {
  const has = (...some: readonly FeeSystemCapability[]) => some.some((one) => capabilities.includes(one));
  const types = playedTypes(policy).map(([, rule]) => rule);
  const isEmpty = (table: Readonly<Record<string, string>>) => Object.keys(table).length === 0;
  if (types.length === 0) lacking('a fee type that is not retired');
  if (isEmpty(policy.paymentMethods)) lacking('a payment method');
  if (has('waive') && (isEmpty(policy.waiveReasons) || !types.some(({ waiveable }) => waiveable)))
    lacking('a reason to waive and a fee type that may be waived, for the capability waive');
  if (has('returnLostItem') && !types.some(({ lostItem }) => lostItem))
    lacking('a fee type of lost items, for the capability returnLostItem');
  const givesBack = has('returnLostItem') && types.some(({ refundPercent }) => refundPercent > 0);
  if (has('refund') && !has('cancel') && !givesBack && policy.overpayment === 'refuse')
    missing(
      'refund',
      'cancel, returnLostItem of a type that gives back, or a policy with overpayment credit',
    );
  if (has('reverseTransfers') && !(has('transfer') && has('waive', 'cancel', 'returnLostItem')))
    missing('reverseTransfers', 'transfer and one of waive, cancel, returnLostItem');
}

function lacking(what: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', `policy: expected one with ${what}`);
}

function missing(capability: FeeSystemCapability, needed: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', `capabilities: ${capability} shows only with ${needed}`);
}
