import * as v from 'valibot';
import type { Rejection } from '../account/rejections/rejection.js';
import type { Fault } from '../errors.js';
import { faultsOf, faultText, MISSING } from '../input/faults.js';
import { parseLooseAmount } from '../money/money.js';
import type { FileAlreadyImported } from '../office/files/fileRejection.js';
import { parseBursarReference } from './bursarReference.js';

/** The payment of one transfer, as the external system reports it. */
export type SettlementRow = {
  /** The reference that the export wrote; see {@link bursarReference}. */
  readonly reference: string;
  /** The paid amount, a decimal string; negative for a credit given out. */
  readonly amount: string;
  /**
   * The external system's reference for this payment. With it, the payment is recognised in any file and job. One
   * payment of several transfers may use the same reference for each.
   */
  readonly paymentReference?: string;
  /** ISO 4217 code, if the external system sends one. It must then be the policy's currency. */
  readonly currency?: string;
};

/** A fault: the expected and the actual value. */
export type Misread = {
  /** The field, if the fault is in one. */
  readonly path?: string;
  /** The expected value, in words. */
  readonly expected: string;
  /** The value found. */
  readonly found: string;
};

/**
 * One reading of a file or list: a row with its required fields, a row that cannot be read, or the point from which
 * the file is broken.
 */
export type SettlementReading = {
  /** The line of the file where the row ends; null for a list. */
  readonly line: number | null;
} & ({ readonly row: unknown } | { readonly misread: Misread } | { readonly broken: Misread });

/** A part of an external system's answer that was not booked. Plain JSON, for a person to check. */
export type SettlementFinding = {
  /**
   * The kind of finding.
   *
   * About the file, of which nothing is booked:
   * - `BROKEN_FILE`: it is not valid CSV or XML, or is truncated.
   * - `FILE_ALREADY_IMPORTED`: another job imported a file with the same rows; see `rejection`. `again` in the form imports it
   *   once more.
   *
   * About a row:
   * - `BROKEN_ROW`: it cannot be read, or a field is missing.
   * - `AMOUNT_NOT_USABLE`: the amount is not valid in the currency, or zero, or has the sign of the other kind (and
   *   there is no settlement to reverse).
   * - `OTHER_CURRENCY`: the currency of the row or the account differs from the policy's.
   * - `UNKNOWN_REFERENCE`: the transfer does not exist.
   * - `REPEATED`: the payment is already booked, from another row or by another job.
   * - `OTHER_AMOUNT`: it is already booked with another amount: the other system has changed it, or uses the reference twice.
   * - `REVERSED_SINCE`: the payment was booked, and its settlement was reversed since; `bookReversed` books it again.
   * - `REFUSED`: the account refuses it; see `rejection`. `TransferNotPending`: everything is paid, or no settlement
   *   was expected.
   * - `CORRUPT_HISTORY`, `INVALID_EVENT`: the account cannot be read.
   * - `ACCOUNT_BUSY`: every append conflicted with another writer's; run the job again.
   */
  readonly code:
    | 'BROKEN_FILE'
    | 'FILE_ALREADY_IMPORTED'
    | 'BROKEN_ROW'
    | 'AMOUNT_NOT_USABLE'
    | 'OTHER_CURRENCY'
    | 'UNKNOWN_REFERENCE'
    | 'REPEATED'
    | 'OTHER_AMOUNT'
    | 'REVERSED_SINCE'
    | 'REFUSED'
    | 'CORRUPT_HISTORY'
    | 'INVALID_EVENT'
    | 'ACCOUNT_BUSY';
  /** The position of the row, counted from 1 without the header; null for the file. */
  readonly row: number | null;
  /** The line of the file where the row ends; null for a list of rows. */
  readonly line: number | null;
  /** The reference in the row; null without one. */
  readonly reference: string | null;
  /** The patron in the reference; null without a valid reference. */
  readonly patronId: string | null;
  /** What was expected, such as `an amount of USD, not zero`; absent for a file that was imported before. */
  readonly expected?: string;
  /** What was found instead; absent for a file that was imported before. */
  readonly found?: string;
  /** The finding in one sentence, for a log. {@link findingText} writes one for people. */
  readonly message: string;
  /** The rejection of the account, or of the file. */
  readonly rejection?: Rejection | FileAlreadyImported;
  /** The job and the row that the payment was booked from, e.g. `answer-9/17`. */
  readonly bookedBy?: string;
};

/** A position in a file or list. */
export type Place = Pick<SettlementFinding, 'row' | 'line'>;

/** One payment that the external system reports, checked without its account. */
export type Settlement = Place & {
  readonly row: number;
  readonly reference: string;
  readonly patronId: string;
  readonly transferId: string;
  /** The kind of transfer that the sign of the amount belongs to. */
  readonly kind: 'fee' | 'credit';
  /** A decimal string without a sign. */
  readonly amount: string;
  readonly paymentReference: string | undefined;
};

const trimmed = v.pipe(v.string('text'), v.trim());

const optional = v.optional(
  v.pipe(
    trimmed,
    v.transform((text) => (text === '' ? undefined : text)),
  ),
);

const rowSchema = v.object({
  reference: v.pipe(
    trimmed,
    v.check((text) => text !== '', 'a reference'),
  ),
  amount: v.pipe(
    trimmed,
    v.check((text) => text !== '', 'an amount'),
  ),
  paymentReference: optional,
  currency: optional,
});

function misreadText({ path = '', expected, found }: Misread): string {
  if (path !== '') return faultText({ path, expected, found });
  return found === MISSING ? `missing (expected ${expected})` : `expected ${expected}, found ${found}`;
}

/** Returns a finding for a position. */
export function findingAt(
  { row, line }: Place,
  code: SettlementFinding['code'],
  misread: Misread,
  more: Partial<SettlementFinding> = {},
): SettlementFinding {
  const place = row === null ? 'the file' : `row ${row}`;
  const where = line === null ? place : `${place}, line ${line}`;
  const message = `${where}: ${misreadText(misread)}`;
  const { expected, found } = misread;
  return { code, row, line, reference: null, patronId: null, expected, found, message, ...more };
}

/** Returns the fields of a row that can be read; undefined of another one. */
export function rowFields(row: unknown): Readonly<Record<string, string | undefined>> | undefined {
  const { success, output } = v.safeParse(rowSchema, row);
  return success ? output : undefined;
}

/** Parses a row, or returns its faults. */
export function settlementOfRow(
  reading: Exclude<SettlementReading, { readonly broken: Misread }>,
  row: number,
  currency: string,
  digits: number,
): Settlement | SettlementFinding {
  const place = { row, line: reading.line };
  if ('misread' in reading) return findingAt(place, 'BROKEN_ROW', reading.misread);
  const parsed = v.safeParse(rowSchema, reading.row);
  if (!parsed.success) {
    const [fault] = faultsOf(parsed.issues, rowSchema);
    return findingAt(place, 'BROKEN_ROW', fault as Fault);
  }
  const { reference, amount, paymentReference, currency: its = currency } = parsed.output;
  const shown = JSON.stringify(reference.slice(0, 200));
  const named = parseBursarReference(reference);
  if (named === undefined) {
    const expected = 'the reference of an exported transfer';
    return findingAt(place, 'UNKNOWN_REFERENCE', { expected, found: shown }, { reference });
  }
  const { patronId, transferId } = named;
  const about = { reference, patronId };
  if (its !== currency) {
    const found = JSON.stringify(its.slice(0, 20));
    return findingAt(place, 'OTHER_CURRENCY', { expected: currency, found }, about);
  }
  const [kind, unsigned] = amount.startsWith('-')
    ? (['credit', amount.slice(1)] as const)
    : (['fee', amount] as const);
  if (parseLooseAmount(unsigned, digits) < 0) {
    const expected = `an amount of ${currency}, not zero`;
    const found = JSON.stringify(amount.slice(0, 40));
    return findingAt(place, 'AMOUNT_NOT_USABLE', { expected, found }, about);
  }
  return { ...place, reference, patronId, transferId, kind, amount: unsigned, paymentReference };
}
