import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { untilNoConflict } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { assertBothStores } from '../../job/jobStores.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { recordedUserField } from '../officeFields.js';
import { checkedOfficeOptions, type OfficeExecuteOptions } from '../officeStream.js';
import { streamOfKind } from '../streamKinds.js';
import type { TillCommandActor } from '../till/tillCommands.js';
import type { NumberedReceipt } from './numberedReceipt.js';
import { copyOf, notFound, type ReceiptStores, type ReceiptSubject } from './receiptCopy.js';
import { receiptKinds } from './receiptIssued.js';
import {
  addToPatron,
  hasPayment,
  type Issued,
  includes,
  issuedBefore,
  lastReceipt,
  recordRequest,
} from './receiptRecords.js';
import { assertOpen, type CheckedReceiptForm, type Issuing, requestFor } from './receiptRequest.js';

/** Which receipt to issue. */
export type ReceiptForm = ReceiptSubject & {
  /** The series, e.g. a year, or a desk and a year: 1 to 190 characters. */
  readonly series: string;
  /** When it is issued: ISO 8601 with a zone. */
  readonly at: string;
  /** Who issues it. */
  readonly by: TillCommandActor;
  /**
   * The number of the first receipt of a series that was begun in another system; ignored once the series has receipts.
   *
   * @defaultValue 1
   */
  readonly firstNumber?: number;
  /**
   * The other patrons of one payment for several: see {@link patrons.payHousehold | payHousehold}. The payment has the same id in each
   * account, the receipt is that of `patronId`, and has the parts of all who have no receipt of their own for it. Name
   * only patrons with a part. Only of the kind `payment`.
   *
   * @defaultValue none
   */
  readonly others?: readonly string[];
  /**
   * The patron's other payments, made together with this one by other methods: one receipt has all of them, with the
   * amount of each method and one total. Those that have a receipt are left out. Only of the kind `payment`, and not with
   * `others`.
   *
   * @defaultValue none
   */
  readonly payments?: readonly string[];
};

const subjectFields = {
  institution: nameField,
  patronId: nameField,
  kind: v.picklist(receiptKinds),
  subjectId: nameField,
};

const subjectSchema = onlyFields(subjectFields);

const formSchema = v.pipe(
  onlyFields({
    ...subjectFields,
    series: commandIdField,
    at: instantField,
    by: recordedUserField,
    firstNumber: v.optional(wholeNumber(1), 1),
    others: v.optional(v.array(nameField), []),
    payments: v.optional(v.array(nameField), []),
  }),
  v.check(
    ({ kind, patronId, others }) =>
      others.length === 0 ||
      (kind === 'payment' && new Set([patronId, ...others]).size === 1 + others.length),
    'others only of a payment, each patron once',
  ),
  v.check(
    ({ kind, subjectId, others, payments }) =>
      payments.length === 0 ||
      (kind === 'payment' &&
        others.length === 0 &&
        new Set([subjectId, ...payments]).size === 1 + payments.length),
    'payments only of a payment, each once, and not with others',
  ),
);

/**
 * Issues a receipt with the next number of its series, or returns the one that was issued before for the same subject
 * as a copy, in any series.
 *
 * A closed series gives no more numbers. A receipt that was requested in it before gets a number of the form's series.
 *
 * Numbers have no gaps, even after a failure: a number is an event of the series, and only the last one can be missing
 * among the patron's receipts. Issuing the next number adds it there first. After an error, issue the receipt again. It
 * shows the account as it was when the receipt was first requested.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy, for labels
 * @param form - the series, what it is for, when and by whom
 * @param options - the present time; how to retry if other writers are first
 * @returns the receipt
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the account has nothing of this kind with this
 * id; `VERSION_CONFLICT` if other writers were first at every attempt; `INVALID_ARGUMENT`, also for a new receipt whose
 * `at` lies further from `now` than the policy's `backdating` allows at a desk, or whose series is closed
 * (`details.lastNumber`); `INVALID_POLICY`; `CORRUPT_HISTORY`;
 * errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { issueReceipt, officeEvents } from 'patron-fees/office';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * await execute(accounts, policy, patron, { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at });
 *
 * const form = { ...patron, series: '2026', kind: 'payment', subjectId: 'p1' } as const;
 * const by = { channel: 'desk', userId: 'ana' } as const;
 * const receipt = await issueReceipt({ accounts, office }, policy, { ...form, at, by });
 * [receipt.series, receipt.number, receipt.amount, receipt.isCopy]; //=> ['2026', 1, '5.00', false]
 * (await issueReceipt({ accounts, office }, policy, { ...form, at, by })).isCopy; //=> true
 * ```
 */
export async function issueReceipt(
  stores: ReceiptStores,
  policy: FeePolicy,
  form: ReceiptForm,
  options: OfficeExecuteOptions = {},
): Promise<NumberedReceipt> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const wanted = checkedArgument(formSchema, form, 'form');
  const { retry, how } = checkedOfficeOptions(options);
  return issue({ stores, policy: rules, retry, how }, wanted, []);
}

/** @param members - the patrons and payments that were led to this one, to end a circle */
async function issue(
  context: Issuing,
  form: CheckedReceiptForm,
  members: readonly string[],
): Promise<NumberedReceipt> {
  const { stores, retry } = context;
  const { office } = stores;
  const { institution, patronId, firstNumber } = form;
  const request = await requestFor(context, form);
  const { payer, paidWith, ...requested } = request;
  const led = [...members, memberOf(form)];
  if (payer !== undefined && !members.includes(memberOf({ ...form, patronId: payer }))) {
    const whole = await issue(context, { ...form, patronId: payer, others: [patronId], payments: [] }, led);
    if (includes(whole, patronId)) return whole;
  }
  if (paidWith !== undefined && !members.includes(memberOf({ ...form, subjectId: paidWith }))) {
    const together = { ...form, subjectId: paidWith, others: [], payments: [form.subjectId] };
    const whole = await issue(context, together, led);
    if (hasPayment(whole, form.subjectId)) return whole;
  }
  const numbers = streamOfKind(institution, 'receipts', request.series);
  const receipt = await untilNoConflict(async (write) => {
    // The order matters: a number below the last one was added to the patron's receipts before the last one was taken.
    const { head, last, closed } = await lastReceipt(office, numbers);
    if (last !== undefined) await addToPatron(office, institution, last, retry);
    const known = await issuedBefore(office, form);
    if (known !== undefined) return copyOf(context, institution, known);
    if (closed !== undefined) return undefined;
    const data: Issued = { ...requested, number: last === undefined ? firstNumber : last.number + 1 };
    const event = { type: 'ReceiptIssued', data } as const;
    await write(() => office.append(numbers, [event], { expectedVersion: head }), data);
    await addToPatron(office, institution, data, retry);
    return { ...(await copyOf(context, institution, data)), isCopy: false };
  }, retry);
  if (receipt !== undefined) return receipt;
  // Recorded, not only used: two desks with two series must not both give it a number.
  await assertOpen(office, form);
  await recordRequest(office, institution, { ...request, series: form.series }, retry, request.series);
  return issue(context, form, members);
}

function memberOf({ patronId, subjectId }: Pick<ReceiptSubject, 'patronId' | 'subjectId'>): string {
  return JSON.stringify([patronId, subjectId]);
}

/**
 * Prints a receipt again: with the balances that were printed the first time, and with what has been undone since.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy, for labels
 * @param subject - what the receipt is for
 * @returns the receipt, as a copy
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if no receipt was issued for it, or an account
 * with a part of it was purged; `INVALID_ARGUMENT`; `INVALID_POLICY`; `CORRUPT_HISTORY`; errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents, reprintReceipt } from 'patron-fees/office';
 *
 * const now = () => '2026-03-02T14:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const payment = { institution: 'north', patronId: 'dverma', kind: 'payment', subjectId: 'p1' } as const;
 * await reprintReceipt(stores, definePolicy({ currency: 'USD' }), payment); //=> throws NOT_FOUND
 * ```
 */
export async function reprintReceipt(
  stores: ReceiptStores,
  policy: FeePolicy,
  subject: ReceiptSubject,
): Promise<NumberedReceipt> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const wanted = checkedArgument(subjectSchema, subject, 'subject');
  const issued = await issuedBefore(stores.office, wanted);
  if (issued === undefined) throw notFound(wanted, 'receipt');
  return copyOf({ stores, policy: rules }, wanted.institution, issued);
}
