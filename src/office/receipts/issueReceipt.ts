import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import type { EventStore, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { type RetryOptions, retryField, untilNoConflict } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { type OfficeStore, receiptSeriesStream } from '../officeEvents.js';
import { tillActorField } from '../till/tillCommands.js';
import type { TillActor } from '../till/tillEvents.js';
import { type NumberedReceipt, type ReceiptContent, receiptContent } from './numberedReceipt.js';
import { type ReceiptKind, receiptKinds } from './receiptIssued.js';
import { addToPatron, type Issued, issuedBefore, lastReceipt, recordRequest } from './receiptRecords.js';

/** Both stores of {@link issueReceipt}. */
export type ReceiptStores = {
  /** The store with the events of patron accounts. */
  readonly accounts: EventStore;
  /** The store with the events of tills and receipts, opened with the codec `officeEvents`. */
  readonly office: OfficeStore;
};

/** What a receipt is for. */
export type ReceiptSubject = StreamId & {
  /** The kind of receipt. */
  readonly kind: ReceiptKind;
  /** The payment, the refund, or the command that waived. */
  readonly subjectId: string;
};

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
    by: tillActorField,
    firstNumber: v.optional(wholeNumber(1), 1),
  }),
);

const optionsSchema = v.strictObject({ retry: retryField });

/**
 * Issues a receipt with the next number of its series, or returns the one that was issued before for the same payment,
 * refund or waiver as a copy, in any series.
 *
 * Numbers have no gaps, even after a failure: a number is an event of the series, and only the last one can be missing
 * among the patron's receipts. Issuing the next number adds it there first. After an error, issue the receipt again. It
 * shows the account as it was when the receipt was first requested.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy, for labels
 * @param form - the series, the payment, refund or waiver, when and by whom
 * @param options - how to retry if other writers are first
 * @returns the receipt
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the account has no such payment, refund or
 * waiver; `VERSION_CONFLICT` if other writers were first at every attempt; `INVALID_ARGUMENT`; `INVALID_POLICY`;
 * `CORRUPT_HISTORY`; errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { issueReceipt, officeEvents } from 'patron-fees/institution';
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
  options: {
    /**
     * How to retry if other writers append first.
     *
     * @defaultValue 50 attempts, with pauses of up to 200 ms
     */
    readonly retry?: RetryOptions;
  } = {},
): Promise<NumberedReceipt> {
  const rules = definedPolicy(policy);
  const { firstNumber, ...wanted } = checkedArgument(formSchema, form, 'form');
  const { retry } = checkedArgument(optionsSchema, options, 'options');
  const { institution, patronId, kind, subjectId, series, at, by } = wanted;
  const stream = { institution, patronId };
  const { version, events } = await stores.accounts.read(stream);
  const content = contentOf(events, rules, wanted);
  if (content === undefined) throw notFound(wanted);
  const { amount, currency } = content;
  const asked = { series, patronId, kind, subjectId, accountVersion: version, amount, currency, at, by };
  const request = await recordRequest(stores.office, institution, asked, retry);
  const numbers = receiptSeriesStream(institution, request.series);
  return untilNoConflict(async (write) => {
    // The order matters: a number below the last one was added to the patron's receipts before the last one was taken.
    const { head, last } = await lastReceipt(stores.office, numbers);
    if (last !== undefined) await addToPatron(stores.office, institution, last, retry);
    const known = await issuedBefore(stores.office, wanted);
    if (known !== undefined) return copyOf(stores, rules, stream, known);
    const data: Issued = { ...request, number: last === undefined ? firstNumber : last.number + 1 };
    const event = { type: 'ReceiptIssued', data } as const;
    await write(() => stores.office.append(numbers, [event], { expectedVersion: head }), data);
    await addToPatron(stores.office, institution, data, retry);
    return { ...(await copyOf(stores, rules, stream, data)), isCopy: false };
  }, retry);
}

/**
 * Prints a receipt again: what was printed the first time, not today's balances.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy, for labels
 * @param subject - the payment, refund or waiver
 * @returns the receipt, as a copy
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if no receipt was issued for it;
 * `INVALID_ARGUMENT`; `INVALID_POLICY`; `CORRUPT_HISTORY`; errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents, reprintReceipt } from 'patron-fees/institution';
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
  const rules = definedPolicy(policy);
  const wanted = checkedArgument(subjectSchema, subject, 'subject');
  const issued = await issuedBefore(stores.office, wanted);
  if (issued === undefined) throw notFound(wanted);
  const { institution, patronId } = wanted;
  return copyOf(stores, rules, { institution, patronId }, issued);
}

function contentOf(
  events: readonly RecordedEvent[],
  policy: FeePolicy,
  { kind, subjectId }: Omit<ReceiptSubject, 'institution'>,
): ReceiptContent | undefined {
  return receiptContent(
    events.map(({ event }) => event),
    policy,
    kind,
    subjectId,
  );
}

/** Returns a receipt as it was printed: from the account at that version. */
async function copyOf(
  { accounts }: ReceiptStores,
  policy: FeePolicy,
  stream: StreamId,
  issued: Issued,
): Promise<NumberedReceipt> {
  // Not all of them after a purge: then the first version is above 1.
  const read = await accounts.read(stream, { limit: issued.accountVersion });
  const events = read.events.filter(({ version }) => version <= issued.accountVersion);
  const content = contentOf(events, policy, issued);
  if (content === undefined) throw notFound({ ...stream, ...issued });
  return { ...content, ...issued, institution: stream.institution, isCopy: true };
}

function notFound({ institution, patronId, kind, subjectId }: ReceiptSubject): PatronFeesError {
  const details = { institution, patronId, kind, subjectId };
  return new PatronFeesError(
    'NOT_FOUND',
    `${institution}/${patronId}: no receipt for ${kind} ${subjectId}`,
    details,
  );
}
