import { PatronFeesError } from '../../errors.js';
import type { RequestName } from './requests.js';

/**
 * What a fee system can be held to besides charging fees and taking payments.
 *
 * - `paySeveralFees`: one payment is spread over several fees as the policy's payment order says, to the cent.
 * - `waive`, `dispute`, `transfer`, `returnLostItem`, `cancel`, `refund`, `reversePayment`: the functions of that name;
 *   `dispute` needs `restore` too.
 * - `reverseTransfers`: what was transferred can be waived, cancelled, or come back, and then has to be reversed in the
 *   external system.
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

/** Refuses capabilities that do not exist. */
export function assertCapabilities(capabilities: readonly FeeSystemCapability[]): void {
  const known: readonly unknown[] = feeSystemCapabilities;
  const list: readonly unknown[] = Array.isArray(capabilities) ? capabilities : [capabilities];
  if (Array.isArray(capabilities) && list.every((capability) => known.includes(capability))) return;
  const found = String(list.find((capability) => !known.includes(capability)) ?? capabilities);
  const message = `capabilities: expected a list of ${known.join(', ')}; found ${found}`;
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}
