import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { permissionFor } from '../../account/permission.js';
import type { NotPermitted } from '../../account/rejections/commandRejections.js';
import type { NotAccepted } from '../../account/rejections/refusal.js';
import { PatronFeesError } from '../../errors.js';
import { RETRY, untilNoConflict } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { OfficeStore } from '../officeEvents.js';
import { commandUserField } from '../officeFields.js';
import { rolesOf } from '../officePermission.js';
import { streamOfKind } from '../streamKinds.js';
import type { TillCommandActor } from '../till/tillCommands.js';
import type { ReceiptSeriesClosed } from './receiptIssued.js';
import { addToPatron, lastReceipt } from './receiptRecords.js';

/** The result of {@link closeReceiptSeries}. */
export type ClosedReceiptSeries =
  | {
      /** Whether the series is closed. */
      readonly accepted: true;
      /** The closing, with the last number of the series. */
      readonly closing: ReceiptSeriesClosed['data'];
    }
  | NotAccepted<NotPermitted>;

/** Which series of receipts to close. */
export type CloseReceiptSeriesForm = {
  /** The institution. */
  readonly institution: string;
  /** The series. */
  readonly series: string;
  /** When it is closed: ISO 8601 with a zone. */
  readonly at: string;
  /** Who closes it. The roles are not recorded. */
  readonly by: TillCommandActor;
};

const formSchema = onlyFields({
  institution: nameField,
  series: commandIdField,
  at: instantField,
  by: commandUserField,
});

/**
 * Closes a series of receipts, e.g. that of a year that is over: {@link issueReceipt} then refuses it. Its receipts can
 * be printed again. A series that was closed before keeps its first closing.
 *
 * Once the policy has permissions, or approvals that name `Purge`, it needs the permission `CloseReceiptSeries`; where none is
 * defined, those may close a series who approve a purge.
 *
 * @param office - the store of the office
 * @param policy - the institution's policy, for permissions
 * @param form - the series, when and by whom
 * @events {@link ReceiptSeriesClosed}, in the series.
 * @returns the closing, or why it is refused
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the series has no receipt; `VERSION_CONFLICT`
 * if other writers were first at every attempt; `INVALID_ARGUMENT`; errors of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { closeReceiptSeries, officeEvents } from 'patron-fees/office';
 *
 * const at = '2027-01-11T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const by = { channel: 'desk', userId: 'mo' } as const;
 * const policy = definePolicy({ currency: 'USD' });
 * await closeReceiptSeries(office, policy, { institution: 'north', series: '2026', at, by }); //=> throws NOT_FOUND
 * ```
 */
export async function closeReceiptSeries(
  office: OfficeStore,
  policy: FeePolicy,
  form: CloseReceiptSeriesForm,
): Promise<ClosedReceiptSeries> {
  assertOfficeStore(office);
  const rules = definedPolicy(policy);
  const { institution, series, at, by: user } = checkedArgument(formSchema, form, 'form');
  const { rejection } = permissionFor(rules, 'CloseReceiptSeries', rolesOf(user));
  if (rejection !== null) return { accepted: false, rejection };
  const { roles: _roles, ...by } = user;
  const numbers = streamOfKind(institution, 'receipts', series);
  const closing = await untilNoConflict(async (write) => {
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
  return { accepted: true, closing };
}
