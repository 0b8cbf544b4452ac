import { type FeeSystemCapability, feeSystemCapabilities, requestsFor, requestsOf } from './capabilities.js';
import type { RequestName } from './requests.js';

/** The subject of one case. */
export type Theme = {
  readonly title: string;
  /** The capabilities used. */
  readonly can: readonly FeeSystemCapability[];
  /** The requests tried most often. */
  readonly focus: readonly RequestName[];
};

const titles: Readonly<Record<FeeSystemCapability, string>> = {
  paySeveralFees: 'spreads payments over several fees',
  waive: 'waives fees',
  dispute: 'disputes and restores fees',
  transfer: 'transfers fees',
  returnLostItem: 'takes lost items back',
  cancel: 'cancels fees that were charged in error',
  refund: 'refunds money that belongs to the patron',
  reversePayment: 'reverses payments',
  reverseTransfers: 'reverses what was transferred',
  repeats: 'executes a request once that is delivered twice,',
  races: 'executes simultaneous requests one after the other,',
};

/** The requests tried most often, if not those that the capability adds. */
const focusOf: Partial<Record<FeeSystemCapability, readonly RequestName[]>> = {
  paySeveralFees: ['assess', 'pay'],
  reverseTransfers: ['pay', 'transfer', 'cancel'],
};

/** The capabilities that create money to refund. */
const sourcesOfCredit: readonly FeeSystemCapability[] = ['cancel', 'returnLostItem'];

/** Returns the themes for a system: fees and payments, each capability by itself, and all together. */
export function themesFor(capabilities: readonly FeeSystemCapability[]): readonly Theme[] {
  const has = (capability: FeeSystemCapability) => capabilities.includes(capability);
  const theme = (capability: FeeSystemCapability): Theme => {
    const basis: Partial<Record<FeeSystemCapability, readonly FeeSystemCapability[]>> = {
      refund: sourcesOfCredit,
      reverseTransfers: ['transfer', 'waive', 'cancel', 'returnLostItem'],
      // Their defects show only in what happens to the fee otherwise.
      dispute: ['paySeveralFees', 'waive', 'transfer'],
      reversePayment: ['paySeveralFees', ...sourcesOfCredit, 'refund'],
      repeats: ['races'],
    };
    const can = [capability, ...(basis[capability] ?? []).filter(has)];
    const title = `${titles[capability]} as our account does`;
    const offered = requestsFor(can);
    const chosen = (focusOf[capability] ?? can.flatMap((used) => requestsOf[used])).filter((name) =>
      offered.includes(name),
    );
    return { title, can, focus: chosen.length > 0 ? chosen : ['pay'] };
  };
  const basics: Theme = {
    title: 'charges fees and takes payments as our account does',
    can: [],
    focus: ['pay'],
  };
  const all: Theme = { title: 'does all of it together as our account does', can: capabilities, focus: [] };
  const each = feeSystemCapabilities.filter(has).map(theme);
  return each.length > 1 ? [basics, ...each, all] : [basics, ...each];
}
