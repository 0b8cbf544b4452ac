import { type PatronPayment, type PayingContext, payPatron, type Unpaid } from '../patron/payPatron.js';
import { type RecordedPart, recordedParts } from '../patron/transactionParts.js';
import type { Admitted, DoorOptions } from './doorOptions.js';

/** A payment as a client posts it: with the fees that it names, and the transaction that it belongs to, if any. */
export type ClientPayment = Omit<
  PatronPayment,
  'by' | 'fee' | 'isPostedOnce' | 'overpayment' | 'externalTransactionId'
> & {
  /** The only fee that it pays; none if left out. */
  readonly fee?: string | undefined;
  readonly transaction: string | undefined;
};

/**
 * Records a payment of a client.
 *
 * @returns the payments that are recorded of it; why it is refused, with `no transaction` if its id is one that
 * programs write if they have none
 */
export async function payAsClient(
  settings: PayingContext & Pick<DoorOptions<never, never>, 'overpayment'>,
  { patron, group, by }: Admitted<{ readonly patronId: string }>,
  { transaction, ...fields }: ClientPayment,
): Promise<readonly RecordedPart[] | { readonly refused: Unpaid | 'no transaction' }> {
  if (transaction !== undefined && isNoTransactionId(transaction)) return { refused: 'no transaction' };
  const { overpayment } = settings;
  const payment: PatronPayment = {
    fee: undefined,
    ...fields,
    by,
    isPostedOnce: fields.isRest !== true,
    ...(transaction === undefined ? {} : { externalTransactionId: transaction }),
    ...(overpayment === undefined ? {} : { overpayment }),
  };
  const refused = await payPatron(settings, group, patron.patronId, payment);
  return refused === undefined ? recordedParts(group, payment) : { refused };
}

/** What programs write for a missing value, in lower case. */
const words: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'undefined',
  'null',
  '(null)',
  'nil',
  'none',
  'nan',
  'false',
  'n/a',
  '{}',
  '[]',
  '""',
  "''",
]);

/**
 * Returns whether a transaction id is one that a program writes if it has none, such as `undefined`, `None`, `0` or
 * `[object Object]`. Two different payments with such an id would count as one.
 */
export function isNoTransactionId(text: string): boolean {
  const trimmed = text.trim();
  return words.has(trimmed.toLowerCase()) || /^(0*|\[object \w+\])$/.test(trimmed);
}
