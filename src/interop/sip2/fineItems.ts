import { isAccruing } from '../../account/accrual.js';
import { type Fee, owed } from '../../account/fee.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { feeTypeLabel } from '../../views/codeLabel.js';

/** A fee as a fine item (`AV`) shows it. */
export type Sip2FineItem = {
  /**
   * The fee's id: what a terminal sends back as `CG` to pay it. If another account of the patron has the same id, `@`
   * and the patron id of its account follow.
   */
  readonly feeId: string;
  /** The fee type's code. */
  readonly feeType: string;
  /** The fee type's label. */
  readonly label: string;
  /** What can be paid, a decimal string. */
  readonly owed: string;
  /** The title of the item; empty if the fee has none. */
  readonly title: string;
  /** The barcode of the item; empty if the fee has none. */
  readonly barcode: string;
  /** Whether it is a fine that still grows. */
  readonly accruing: boolean;
  /** Whether it was charged for a lost item. */
  readonly lostItem: boolean;
};

/**
 * A format of fine items (`AV`), named after the system that writes them so:
 *
 * - `koha`: `Overdue fine: Maps of the sea 2.50`
 * - `evergreen`: `2.50 Overdue fine Maps of the sea`
 * - `3m`: `f1 $2.50 "FINE" Maps of the sea`. It names the fee, so terminals can pay one fee.
 * - `swyer`: `Charge-Number: f1, Amount-Due: 2.50, Fine-Type: FINE, Title: Maps of the sea`. It names the fee, too.
 */
export type Sip2FineItemFormat = 'koha' | 'evergreen' | '3m' | 'swyer';

/** The formats, by name. */
export const fineItemFormats: Readonly<Record<Sip2FineItemFormat, (item: Sip2FineItem) => string>> = {
  koha: ({ label, title, owed }) => `${label}${title === '' ? '' : `: ${title}`} ${owed}`,
  evergreen: ({ label, title, owed }) => `${owed} ${label} ${title}`.trimEnd(),
  '3m': (item) => `${item.feeId} $${item.owed} "${kindOf(item)}" ${item.title || item.label}`,
  swyer: (item) =>
    `Charge-Number: ${item.feeId}, Amount-Due: ${item.owed}, Fine-Type: ${kindOf(item)}, Title: ${item.title || item.label}`,
};

/** Returns the three kinds of charges that Evergreen's formats know. */
function kindOf({ lostItem, feeType }: Sip2FineItem): string {
  if (lostItem) return 'LOST';
  return feeType.includes('OVERDUE') ? 'FINE' : 'FEE';
}

/** Returns a fee as its fine item shows it, under the name by which it can be paid. */
export function fineItemOf(
  fee: Fee,
  name: string,
  policy: FeePolicy,
  write: (minor: number) => string,
): Sip2FineItem {
  return {
    feeId: name,
    feeType: fee.feeType,
    label: feeTypeLabel(policy, fee.feeType),
    owed: write(owed(fee)),
    title: fee.item?.title ?? '',
    barcode: fee.item?.barcode ?? '',
    accruing: isAccruing(fee),
    lostItem: fee.lostItem,
  };
}
