import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { checkedArgument } from '../input/checkedArgument.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { OnlinePayment } from '../office/onlinePayments/onlinePayment.js';
import { readOnlinePayment } from './onlineContext.js';

/** The key of an online payment. */
export type OnlinePaymentId = {
  /** The institution. */
  readonly institution: string;
  /** The id with which it was started. */
  readonly onlinePaymentId: string;
};

const idSchema = v.strictObject({ institution: nameField, onlinePaymentId: nameField });

/**
 * Reads an online payment.
 *
 * @param office - the store of the office
 * @param id - the payment
 * @returns the payment; null if there is none
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`; `CORRUPT_HISTORY`; errors of the store
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/institution';
 * import { loadOnlinePayment } from 'patron-fees/online';
 *
 * const office = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
 * await loadOnlinePayment(office, { institution: 'north', onlinePaymentId: 'o1' }); //=> null
 * ```
 */
export async function loadOnlinePayment(
  office: OfficeStore,
  id: OnlinePaymentId,
): Promise<OnlinePayment | null> {
  const { institution, onlinePaymentId } = checkedArgument(idSchema, id, 'id');
  return readOnlinePayment({ office, institution }, onlinePaymentId);
}
