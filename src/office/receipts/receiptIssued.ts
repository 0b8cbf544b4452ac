import { PatronFeesError } from '../../errors.js';
import { foldOffice } from '../foldOffice.js';
import type { TillActor } from '../till/tillEvents.js';

/** The kinds of receipts. */
export const receiptKinds = [
  'payment',
  'refund',
  'waiver',
  'cancellation',
  'return',
  'application',
  'reversal',
  'forfeiture',
] as const;

/**
 * What a receipt is for.
 *
 * - `payment`: money received; the subject is the payment.
 * - `refund`: a credit that was paid out; the subject is the refund.
 * - `waiver`: fees that were forgiven; the subject is the command that waived them.
 * - `cancellation`: fees that were charged in error; the subject is the command that cancelled them, or lowered a fine.
 * - `return`: what the return of a lost item gave back; the subject is the command.
 * - `application`: a credit that was used for fees; the subject is the use (`applicationId`).
 * - `forfeiture`: a credit that nobody fetched and that is income now; the subject is its cancellation
 *   (`cancellationId`).
 * - `reversal`: a payment, a refund, a waiver or a use of a credit that was undone, or a credit that was withdrawn; the
 *   subject is the reversal (`reversalId`, or the `cancellationId` of the credit).
 */
export type ReceiptKind = (typeof receiptKinds)[number];

/** The part of a receipt that another patron's account has. */
export type ReceiptPart = {
  /** The patron. */
  readonly patronId: string;
  /** The version of that account that was printed. */
  readonly accountVersion: number;
  /** The amount of its part, a decimal string. */
  readonly amount: string;
};

/** Another payment of the same patron on a receipt. */
export type ReceiptPayment = {
  /** The id of the payment. */
  readonly paymentId: string;
  /** Its amount, a decimal string. */
  readonly amount: string;
};

/**
 * A receipt was requested: recorded among the patron's receipts before it gets its number, so that the same payment
 * never gets numbers of two series.
 */
export type ReceiptRequested = {
  /** The event's name. */
  readonly type: 'ReceiptRequested';
  /** What the receipt is for, and what is printed. */
  readonly data: {
    /** The series. */
    readonly series: string;
    /** The patron. */
    readonly patronId: string;
    /** What the receipt is for. */
    readonly kind: ReceiptKind;
    /** The id of what the receipt is for: see {@link ReceiptKind}. */
    readonly subjectId: string;
    /** The version of the patron's account that was printed. */
    readonly accountVersion: number;
    /** The amount on the receipt, a decimal string: the whole amount, if it is for several patrons or payments. */
    readonly amount: string;
    /** ISO 4217 code of the amount. */
    readonly currency: string;
    /** When the receipt was issued: ISO 8601 with a zone. */
    readonly at: string;
    /** Who issued it. */
    readonly by: TillActor;
    /** The parts of the other patrons, if one payment was made for several; left out otherwise. */
    readonly others?: readonly ReceiptPart[];
    /** The patron among whose receipts this part of a payment is, if not its own; left out otherwise. */
    readonly payer?: string;
    /** The patron's other payments on the same receipt, made together by other methods; left out if there are none. */
    readonly payments?: readonly ReceiptPayment[];
    /** The payment on whose receipt this one is, if it has none of its own; left out otherwise. */
    readonly paidWith?: string;
  };
};

/**
 * A receipt got its number. The event is recorded twice: in the stream of the series, where it takes the number, and
 * then in the stream of the patron's receipts, where it is found again.
 */
export type ReceiptIssued = {
  /** The event's name. */
  readonly type: 'ReceiptIssued';
  /** The request, with the number. */
  readonly data: Omit<ReceiptRequested['data'], 'payer' | 'paidWith'> & {
    /** The number in the series: one more than that of the receipt before. */
    readonly number: number;
  };
};

/** A series takes no more numbers: the last event of its stream. */
export type ReceiptSeriesClosed = {
  /** The event's name. */
  readonly type: 'ReceiptSeriesClosed';
  /** The series, and its last number. */
  readonly data: {
    /** The series. */
    readonly series: string;
    /** The number of its last receipt. */
    readonly lastNumber: number;
    /** When it was closed: ISO 8601 with a zone. */
    readonly at: string;
    /** Who closed it. */
    readonly by: TillActor;
  };
};

/** An event of a series of receipts, or of a patron's receipts. */
export type ReceiptEvent = ReceiptRequested | ReceiptIssued | ReceiptSeriesClosed;

/** The receipts of a series, in figures. */
export type ReceiptSeries = {
  /** The number of the first receipt; null without receipts. */
  readonly first: number | null;
  /** The number of the last receipt; null without receipts. */
  readonly last: number | null;
  /** The number of receipts: last - first + 1. */
  readonly receipts: number;
};

/**
 * Checks the events of a series: numbers without gaps, one number for each subject, and nothing after its closing.
 * Keeps one entry for each subject in memory.
 *
 * @param events - the events of a series, from its first
 * @returns the first and the last number
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` for a gap, a repeated number, another
 * series, a subject that has two numbers, an event after the closing, or a closing with another number; `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT` for another
 * value in it
 *
 * @example
 * ```ts
 * import { foldReceiptSeries, type ReceiptIssued } from 'patron-fees/office';
 *
 * const by = { channel: 'desk', userId: 'ana' } as const;
 * const receipt = { series: '2026', patronId: 'dverma', kind: 'payment', accountVersion: 2, amount: '5.00' } as const;
 * const issued = (number: number): ReceiptIssued => ({
 *   type: 'ReceiptIssued',
 *   data: { ...receipt, number, subjectId: `p${number}`, currency: 'USD', at: '2026-03-02T09:00:00Z', by },
 * });
 * foldReceiptSeries([issued(1), issued(2)]); //=> { first: 1, last: 2, receipts: 2 }
 * foldReceiptSeries([issued(1), issued(3)]); //=> throws CORRUPT_HISTORY
 * ```
 */
export function foldReceiptSeries(events: Iterable<ReceiptIssued | ReceiptSeriesClosed>): ReceiptSeries {
  const subjects = new Set<string>();
  let series: string | undefined;
  let first: number | null = null;
  let last: number | null = null;
  let receipts = 0;
  let isClosed = false;
  foldOffice(events, 0, ({ type, data }) => {
    series ??= data.series;
    if (data.series !== series) corrupt(data, `expected the series ${series}`);
    if (isClosed) corrupt(data, 'the series is closed');
    if (type === 'ReceiptSeriesClosed') {
      if (data.lastNumber !== last) corrupt(data, `expected the last number ${last}`);
      isClosed = true;
      return;
    }
    first ??= data.number;
    if (last !== null && data.number !== last + 1) corrupt(data, `expected the number ${last + 1}`);
    const others = (data.others ?? []).map(({ patronId }) => [patronId, data.subjectId]);
    const payments = (data.payments ?? []).map(({ paymentId }) => [data.patronId, paymentId]);
    for (const [patronId, subjectId] of [[data.patronId, data.subjectId], ...others, ...payments]) {
      const subject = JSON.stringify([patronId, data.kind, subjectId]);
      if (subjects.has(subject)) corrupt(data, `${data.kind} ${subjectId} has a number already`);
      subjects.add(subject);
    }
    last = data.number;
    receipts += 1;
  });
  return { first, last, receipts };
}

function corrupt(data: ReceiptIssued['data'] | ReceiptSeriesClosed['data'], problem: string): never {
  const { series } = data;
  const number = 'number' in data ? data.number : data.lastNumber;
  throw new PatronFeesError('CORRUPT_HISTORY', `receipt ${series}/${number}: ${problem}`, { series, number });
}
