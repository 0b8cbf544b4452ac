import { type FeeSystemCapability, feeSystemCapabilities, requestsFor, requestsOf } from './capabilities.js';
import type { RequestName } from './requests.js';

/** What one case is about. */
export type Theme = {
  readonly title: string;
  /** What of the system is used. */
  readonly can: readonly FeeSystemCapability[];
  /** What is tried most. */
  readonly focus: readonly RequestName[];
};

const titles: Readonly<Record<FeeSystemCapability, string>> = {
  paySeveralFees: 'spreads payments over several fees',
  waive: 'waives fees',
  dispute: 'disputes and restores fees',
  transfer: 'transfers fees',
  returnLostItem: 'takes lost items back',
  cancel: 'cancels fees that were charged in error',
  refund: 'refunds money that is the patron’s',
  reversePayment: 'reverses payments',
  reverseTransfers: 'reverses what was transferred',
  repeats: 'does a request once that is delivered twice,',
  races: 'does requests one after the other that come at once,',
};

/** What is tried most where that is not what the capability adds. */
const focusOf: Partial<Record<FeeSystemCapability, readonly RequestName[]>> = {
  paySeveralFees: ['assess', 'pay'],
  reverseTransfers: ['pay', 'transfer', 'cancel'],
};

/** Where money for a refund comes from. */
const sourcesOfCredit: readonly FeeSystemCapability[] = ['cancel', 'returnLostItem'];

/** The cases for a system: fees and payments, each capability by itself, and all of them together. */
export function themesFor(capabilities: readonly FeeSystemCapability[]): readonly Theme[] {
  const has = (capability: FeeSystemCapability) => capabilities.includes(capability);
  const theme = (capability: FeeSystemCapability): Theme => {
    const basis: Partial<Record<FeeSystemCapability, readonly FeeSystemCapability[]>> = {
      refund: sourcesOfCredit,
      reverseTransfers: ['transfer', 'waive', 'cancel', 'returnLostItem'],
      // What goes wrong with these shows in what is done with the fee besides.
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
