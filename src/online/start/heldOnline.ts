import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { OnlinePaymentStarted } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { holdsItsFees, pendingUntil } from '../../office/onlinePayments/onlinePaymentStatus.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { readOnlinePayment } from '../loadOnlinePayment.js';

/** Whose fees are asked about, and when. */
export type HeldForm = {
  /** The institution. */
  readonly institution: string;
  /** The patron. */
  readonly patronId: string;
  /** The present time, ISO 8601 with a zone. */
  readonly at: string;
};

/** A fee that an online payment holds. */
export type HeldFee = {
  /** The fee. */
  readonly feeId: string;
  /** The part of the fee that this payment is to pay, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** The payment. */
  readonly onlinePaymentId: string;
  /**
   * Until when it is held: the expiry, or the end of a debit that is under way. Null if money was taken and is not
   * recorded yet.
   */
  readonly until: string | null;
  /** Whether a debit is under way at the payer's bank: if a desk takes money meanwhile, the debit becomes a credit. */
  readonly isPending: boolean;
};

const formSchema = v.strictObject({ institution: nameField, patronId: nameField, at: instantField });

/**
 * Returns which fees of a patron online payments hold, for a desk that is about to take money. If such a fee is paid at
 * the desk too, the online money becomes a credit.
 *
 * @param office - the store of the office
 * @param form - the institution, the patron, the time
 * @returns the fees, in the order in which the payments were begun
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`; `CORRUPT_HISTORY`; errors of the store
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { heldOnline } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * await heldOnline(office, { institution: 'north', patronId: 'dverma', at }); //=> []
 * ```
 */
export async function heldOnline(office: OfficeStore, form: HeldForm): Promise<readonly HeldFee[]> {
  assertOfficeStore(office);
  const { institution, patronId, at } = checkedArgument(formSchema, form, 'form');
  const { events } = await office.read(streamOfKind(institution, 'onlinePatron', patronId));
  const held: HeldFee[] = [];
  for (const { event } of events) {
    const { onlinePaymentId } = (event as OnlinePaymentStarted).data;
    const payment = await readOnlinePayment({ office, institution }, onlinePaymentId);
    if (payment === null || !holdsItsFees(payment, at)) continue;
    const { currency, captures, expiresAt } = payment;
    const pending = pendingUntil(payment, at);
    const until = captures.length > 0 ? null : (pending ?? expiresAt);
    for (const { feeId, amount, ...part } of payment.parts) {
      if (part.patronId === patronId)
        held.push({ feeId, amount, currency, onlinePaymentId, until, isPending: pending !== null });
    }
  }
  return held;
}
