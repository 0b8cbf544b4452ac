import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { RETRY, untilNoConflict } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import type { OfficeStore } from '../officeEvents.js';
import { userField } from '../officeFields.js';
import { streamOfKind } from '../streamKinds.js';
import type { TillActor } from '../till/tillEvents.js';
import type { ReceiptSeriesClosed } from './receiptIssued.js';
import { addToPatron, lastReceipt } from './receiptRecords.js';

/** Which series of receipts to close. */
export type CloseReceiptSeriesForm = {
  /** The institution. */
  readonly institution: string;
  /** The series. */
  readonly series: string;
  /** When it is closed: ISO 8601 with a zone. */
  readonly at: string;
  /** Who closes it. */
  readonly by: TillActor;
};

const formSchema = onlyFields({
  institution: nameField,
  series: commandIdField,
  at: instantField,
  by: userField,
});

/**
 * Closes a series of receipts, e.g. that of a year that is over: {@link issueReceipt} then refuses it. Its receipts can
 * be printed again. A series that was closed before keeps its first closing. Closing a series and issuing a receipt
 * move no money, so the policy has no permissions for them: the application decides who may do it.
 *
 * @param office - the store of the office
 * @param form - the series, when and by whom
 * @events {@link ReceiptSeriesClosed}, in the series.
 * @returns the closing, with the last number of the series
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the series has no receipt; `VERSION_CONFLICT`
 * if other writers were first at every attempt; `INVALID_ARGUMENT`; errors of the store
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { closeReceiptSeries, officeEvents } from 'patron-fees/office';
 *
 * const at = '2027-01-11T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const by = { channel: 'desk', userId: 'mo' } as const;
 * await closeReceiptSeries(office, { institution: 'north', series: '2026', at, by }); //=> throws NOT_FOUND
 * ```
 */
export async function closeReceiptSeries(
  office: OfficeStore,
  form: CloseReceiptSeriesForm,
): Promise<ReceiptSeriesClosed['data']> {
  assertOfficeStore(office);
  const { institution, series, at, by } = checkedArgument(formSchema, form, 'form');
  const numbers = streamOfKind(institution, 'receipts', series);
  return untilNoConflict(async (write) => {
    const { head, last, closed } = await lastReceipt(office, numbers);
    if (closed !== undefined) return closed;
    if (last === undefined) {
      throw new PatronFeesError('NOT_FOUND', `${institution}: no receipt of the series ${series}`, {
        institution,
        series,
      });
    }
    // First, so that nothing of a closed series is missing among a patron's receipts.
    await addToPatron(office, institution, last, RETRY);
    const data = { series, lastNumber: last.number, at, by };
    const event = { type: 'ReceiptSeriesClosed', data } as const;
    await write(() => office.append(numbers, [event], { expectedVersion: head }), event);
    return data;
  }, RETRY);
}
