import { PatronFeesError } from '../../errors.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
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
export function assertCapabilities(
  capabilities: readonly FeeSystemCapability[],
  overpayment: FeePolicy['overpayment'],
): void {
  const known: readonly unknown[] = feeSystemCapabilities;
  const list: readonly unknown[] = Array.isArray(capabilities) ? capabilities : [capabilities];
  if (Array.isArray(capabilities) && list.every((capability) => known.includes(capability)))
    return assertShown(capabilities, overpayment);
  const found = String(list.find((capability) => !known.includes(capability)) ?? capabilities);
  const message = `capabilities: expected a list of ${known.join(', ')}; found ${found}`;
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}

/** Without these a case would hold of every system, because what it is about never happens. */
function assertShown(
  capabilities: readonly FeeSystemCapability[],
  overpayment: FeePolicy['overpayment'],
): void {
  const has = (...some: readonly FeeSystemCapability[]) => some.some((one) => capabilities.includes(one));
  if (has('refund') && !has('cancel', 'returnLostItem') && overpayment === 'refuse')
    missing('refund', 'cancel, returnLostItem, or a policy with overpayment credit');
  if (has('reverseTransfers') && !(has('transfer') && has('waive', 'cancel', 'returnLostItem')))
    missing('reverseTransfers', 'transfer and one of waive, cancel, returnLostItem');
}

function missing(capability: FeeSystemCapability, needed: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', `capabilities: ${capability} shows only with ${needed}`);
}
