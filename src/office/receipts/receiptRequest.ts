import type { InTheFuture, TooFarBack } from '../../account/rejections/commandRejections.js';
import { PatronFeesError } from '../../errors.js';
import type { Retry } from '../../history/retry.js';
import { faultText } from '../../input/faults.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { deskTimeRefusal, type OfficeDecideOptions } from '../officeDecision.js';
import type { OfficeStore } from '../officeEvents.js';
import { streamOfKind } from '../streamKinds.js';
import type { TillActor } from '../till/tillEvents.js';
import { contentOf, notFound, type ReceiptStores, type ReceiptSubject, sumOf } from './receiptCopy.js';
import type { ReceiptPart, ReceiptPayment } from './receiptIssued.js';
import { lastReceipt, type Requested, recordRequest, requestedBefore } from './receiptRecords.js';

/** Which receipt to issue, checked. */
export type CheckedReceiptForm = ReceiptSubject & {
  readonly series: string;
  readonly at: string;
  readonly by: TillActor;
  readonly firstNumber: number;
  readonly others: readonly string[];
  readonly payments: readonly string[];
};

/** The stores and the policy of a receipt. */
export type Issuing = {
  readonly stores: ReceiptStores;
  readonly policy: FeePolicy;
  readonly retry: Retry;
  readonly how: OfficeDecideOptions;
};

/** Throws if a series is closed. */
export async function assertOpen(
  office: OfficeStore,
  { institution, series }: Pick<CheckedReceiptForm, 'institution' | 'series'>,
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
 * receipt of their own. So are those of further payments.
 */
export async function requestFor(
  { stores, policy, retry, how }: Issuing,
  form: CheckedReceiptForm,
): Promise<Requested> {
  const { office } = stores;
  const { institution, patronId, kind, series, at, by, others } = form;
  const known = await requestedBefore(office, form);
  if (known !== undefined) return known;
  await assertOpen(office, form);
  const refusal = deskTimeRefusal(form, policy, how.now);
  if (refusal !== undefined) throw outOfTime(refusal);
  const ask = async (id: string, subjectId = form.subjectId) => {
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
    asked.push({ ...part.request, payer: patronId });
  }
  for (const paymentId of form.payments)
    asked.push({ ...(await ask(patronId, paymentId)).request, paidWith: form.subjectId });
  // Nothing is recorded before all are found.
  const parts: ReceiptPart[] = [];
  const payments: ReceiptPayment[] = [];
  let { accountVersion } = own;
  for (const part of asked) {
    const recorded = await recordRequest(office, institution, part, retry);
    const { payer, paidWith, amount } = recorded;
    if (payer !== part.payer || paidWith !== part.paidWith) continue;
    if (payer !== undefined)
      parts.push({ patronId: recorded.patronId, accountVersion: recorded.accountVersion, amount });
    else {
      payments.push({ paymentId: recorded.subjectId, amount });
      accountVersion = Math.max(accountVersion, recorded.accountVersion);
    }
  }
  const amount = sumOf([own, ...parts, ...payments], own.currency);
  const together = { ...(parts.length > 0 && { others: parts }), ...(payments.length > 0 && { payments }) };
  return recordRequest(office, institution, { ...own, accountVersion, amount, ...together }, retry);
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
