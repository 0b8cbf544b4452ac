import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import type { InTheFuture, TooFarBack } from '../../account/rejections/commandRejections.js';
import { PatronFeesError } from '../../errors.js';
import { type Retry, untilNoConflict } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { faultText } from '../../input/faults.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { assertBothStores } from '../../job/jobStores.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { deskTimeRefusal, type OfficeDecideOptions } from '../officeDecision.js';
import type { OfficeStore } from '../officeEvents.js';
import { userField } from '../officeFields.js';
import { checkedOfficeOptions, type OfficeExecuteOptions } from '../officeStream.js';
import { streamOfKind } from '../streamKinds.js';
import type { TillActor } from '../till/tillEvents.js';
import type { NumberedReceipt } from './numberedReceipt.js';
import {
  contentOf,
  copyOf,
  notFound,
  type ReceiptStores,
  type ReceiptSubject,
  sumOf,
} from './receiptCopy.js';
import { type ReceiptPart, receiptKinds } from './receiptIssued.js';
import {
  addToPatron,
  type Issued,
  includes,
  issuedBefore,
  lastReceipt,
  type Requested,
  recordRequest,
  requestedBefore,
} from './receiptRecords.js';

/** Which receipt to issue. */
export type ReceiptForm = ReceiptSubject & {
  /** The series, e.g. a year, or a desk and a year: 1 to 190 characters. */
  readonly series: string;
  /** When it is issued: ISO 8601 with a zone. */
  readonly at: string;
  /** Who issues it. */
  readonly by: TillActor;
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
};

const subjectFields = {
  institution: nameField,
  patronId: nameField,
  kind: v.picklist(receiptKinds),
  subjectId: nameField,
};

const subjectSchema = v.pipe(plainObject, v.strictObject(subjectFields));

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...subjectFields,
    series: commandIdField,
    at: instantField,
    by: userField,
    firstNumber: v.optional(wholeNumber(1), 1),
    others: v.optional(v.array(nameField), []),
  }),
  v.check(
    ({ kind, patronId, others }) =>
      others.length === 0 ||
      (kind === 'payment' && new Set([patronId, ...others]).size === 1 + others.length),
    'others only of a payment, each patron once',
  ),
);

/**
 * Issues a receipt with the next number of its series, or returns the one that was issued before for the same subject
 * as a copy, in any series.
 *
 * A closed series takes no number: a receipt that was requested in it before gets one of the form's series.
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

type Issuing = {
  readonly stores: ReceiptStores;
  readonly policy: FeePolicy;
  readonly retry: Retry;
  readonly how: OfficeDecideOptions;
};

/** @param members - the patrons who were led to this one as the payer, to end a circle */
async function issue(
  context: Issuing,
  form: v.InferOutput<typeof formSchema>,
  members: readonly string[],
): Promise<NumberedReceipt> {
  const { stores, retry } = context;
  const { office } = stores;
  const { institution, patronId, firstNumber } = form;
  const request = await requestFor(context, form);
  const { payer, ...requested } = request;
  if (payer !== undefined && !members.includes(payer)) {
    const whole = await issue(context, { ...form, patronId: payer, others: [patronId] }, [
      ...members,
      patronId,
    ]);
    if (includes(whole, patronId)) return whole;
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

/** Throws if a series is closed. */
async function assertOpen(
  office: OfficeStore,
  { institution, series }: Pick<ReceiptForm, 'institution' | 'series'>,
): Promise<void> {
  const { closed } = await lastReceipt(office, streamOfKind(institution, 'receipts', series));
  if (closed === undefined) return;
  const { lastNumber } = closed;
  const message = `form.series: the series ${series} is closed, its last number is ${lastNumber}`;
  throw new PatronFeesError('INVALID_ARGUMENT', message, { institution, series, lastNumber });
}

/**
 * Records the request for a receipt, or returns the one that was recorded before. For several patrons, the others'
 * parts are recorded first, so that the request of the payer says for ever which of them it has: those without a
 * receipt of their own.
 */
async function requestFor(
  { stores, policy, retry, how }: Issuing,
  form: v.InferOutput<typeof formSchema>,
): Promise<Requested> {
  const { office } = stores;
  const { institution, patronId, kind, subjectId, series, at, by, others } = form;
  const known = await requestedBefore(office, form);
  if (known !== undefined) return known;
  await assertOpen(office, form);
  const refusal = deskTimeRefusal(form, policy, how.now);
  if (refusal !== undefined) throw outOfTime(refusal);
  const ask = async (id: string) => {
    const { version, events } = await stores.accounts.read({ institution, patronId: id });
    const content = contentOf(events, policy, { kind, subjectId });
    if (content === undefined) throw notFound({ institution, patronId: id, kind, subjectId });
    const { amount, currency, method, externalTransactionId } = content;
    const request = {
      series,
      patronId: id,
      kind,
      subjectId,
      accountVersion: version,
      amount,
      currency,
      at,
      by,
    };
    return { request, identity: JSON.stringify([currency, method, externalTransactionId]) };
  };
  const { request: own, identity } = await ask(patronId);
  const asked: Requested[] = [];
  for (const other of others) {
    const part = await ask(other);
    if (part.identity !== identity) throw otherPayment(form, other);
    asked.push(part.request);
  }
  const parts: ReceiptPart[] = [];
  for (const part of asked) {
    const recorded = await recordRequest(office, institution, { ...part, payer: patronId }, retry);
    if (recorded.payer !== patronId) continue;
    const { accountVersion, amount } = recorded;
    parts.push({ patronId: recorded.patronId, accountVersion, amount });
  }
  if (parts.length === 0) return recordRequest(office, institution, own, retry);
  const amount = sumOf([own, ...parts], own.currency);
  return recordRequest(office, institution, { ...own, amount, others: parts }, retry);
}

function outOfTime(refusal: TooFarBack | InTheFuture): PatronFeesError {
  const bound = refusal.type === 'TooFarBack' ? `from ${refusal.earliest} on` : `until ${refusal.latest}`;
  const fault = { path: 'form.at', expected: `a time ${bound}`, found: refusal.at };
  return new PatronFeesError('INVALID_ARGUMENT', faultText(fault), { faults: [fault] });
}

function otherPayment({ patronId, subjectId }: ReceiptSubject, other: string): PatronFeesError {
  const message = `form.others: payment ${subjectId} of ${other} is no part of that of ${patronId}`;
  return new PatronFeesError('INVALID_ARGUMENT', message, { patronId, other, subjectId });
}

/**
 * Prints a receipt again: what was printed the first time, not today's balances, and what has undone it since.
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
