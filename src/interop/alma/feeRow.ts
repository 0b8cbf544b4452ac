import * as v from 'valibot';
import type { Item, RecordedActor } from '../../account/circumstances.js';
import type { Fault } from '../../errors.js';
import { faultsOf, MISSING } from '../../input/faults.js';
import { omitUndefined } from '../../input/plainObject.js';
import { amountFromNumber } from '../../money/amountFromNumber.js';
import { AMOUNT_DIGITS_MAX } from '../../money/money.js';
import { taxIncluded } from '../../money/rounding.js';
import {
  type AlmaStatus,
  type AlmaTransactionKind,
  almaStatuses,
  CREDIT_TYPE,
  NOT_AT_DESK,
  transactionKind,
} from './almaFees.js';
import {
  type AlmaFinding,
  type AlmaFindingCode,
  described,
  findingOfRow,
  type RowOrigin,
} from './almaFinding.js';
import { type AlmaImportOptions, vatPercentsOf } from './importOptions.js';
import { type AlmaTime, type RowInput, rowSchema, type TransactionInput } from './rowSchema.js';

/** A row of a response in its currency, not yet read. */
export type RawRow = RowOrigin & {
  /** ISO 4217 code. */
  readonly currency: string;
  /** The number of decimals of the currency. */
  readonly minorDigits: number;
};

/** A row that could be read: a fee, or a credit (then its amounts are negative). Amounts are minor units. */
export type FeeRow = {
  /** The origin of the row. */
  readonly origin: RawRow;
  /** Alma's id of the fee or credit. */
  readonly feeId: string;
  /** The type's code; `CREDIT` for a credit. */
  readonly feeType: string;
  /** The status's code. */
  readonly status: AlmaStatus;
  /** The amount charged or, negative, credited. */
  readonly original: number;
  /** The rate of the tax that the amounts include, in percent; undefined without tax. */
  readonly vatPercent: number | undefined;
  /** The balance. */
  readonly balance: number;
  /** When it was charged. */
  readonly created: AlmaTime;
  /** When it last changed; null if the row has no such time. */
  readonly changed: AlmaTime | null;
  /** The comment. */
  readonly comment: string | undefined;
  /** The owner's code; a fee has one. */
  readonly owner: string | undefined;
  /** The item it is about. */
  readonly item: Item | undefined;
  /** The external billing system's reference. */
  readonly externalReference: string | undefined;
  /** The transactions in the order of their times. */
  readonly transactions: readonly TransactionRow[];
};

/** A transaction that could be read. */
export type TransactionRow = {
  /** The path within the row. */
  readonly field: string;
  /** The kind of transaction. */
  readonly kind: AlmaTransactionKind;
  /** Minor units, above 0. */
  readonly amount: number;
  /** When it happened. */
  readonly time: AlmaTime;
  /** Who did it. */
  readonly by: RecordedActor;
  /** The method's code; a payment has one. */
  readonly method: string | undefined;
  /** The id that the payment provider gave. */
  readonly externalTransactionId: string | undefined;
  /** The reason's code. */
  readonly reason: string | undefined;
  /** The comment. */
  readonly comment: string | undefined;
};

/** Reports a fault in a field of the row. */
type Report = (code: AlmaFindingCode, field: string, expected: string, found: string) => void;

/** A row, or its faults. */
export type RowReading =
  | {
      /** The row. */
      readonly row: FeeRow;
    }
  | {
      /** All faults of the row. */
      readonly findings: readonly AlmaFinding[];
    };

/** Reads a row and checks each field by itself. Returns all faults at once. */
export function readRow(origin: RawRow, options: AlmaImportOptions): RowReading {
  const parsed = v.safeParse(rowSchema, origin.raw);
  if (!parsed.success) {
    return {
      findings: faultsOf(parsed.issues, rowSchema, 'described').map((fault) => shapeFinding(origin, fault)),
    };
  }
  const findings: AlmaFinding[] = [];
  const row = rowOf(parsed.output, origin, options, (...about) =>
    findings.push(findingOfRow(origin, ...about)),
  );
  return findings.length === 0 && row !== undefined ? { row } : { findings };
}

/** Converts a schema fault to a finding: a missing field, or an invalid one. */
function shapeFinding(origin: RawRow, { path, expected, found }: Fault): AlmaFinding {
  const missing = found === MISSING || found === 'null';
  if (path !== '' && missing) return findingOfRow(origin, 'MissingField', path, 'a value', found);
  return findingOfRow(origin, 'MalformedField', path, path === '' ? 'a fee' : expected, found);
}

function rowOf(
  input: RowInput,
  origin: RawRow,
  options: AlmaImportOptions,
  report: Report,
): FeeRow | undefined {
  const status = statusOf(input.status.value);
  if (status === undefined) {
    report('UnknownStatus', 'status', Object.keys(almaStatuses).join(', '), described(input.status.value));
  }
  const isCredit = input.type.value === CREDIT_TYPE;
  const owner = input.owner?.value ?? options.owner;
  if (owner === undefined && !isCredit)
    report('MissingField', 'owner', 'a value, or the option `owner`', 'nothing');
  const original = amountOf(input.original_amount, 'original_amount', origin, report);
  const balance = amountOf(input.balance, 'balance', origin, report);
  const transactions = (input.transaction ?? []).map((transaction, index) =>
    transactionOf(transaction, `transaction[${index}]`, origin, options, report),
  );
  const vatPercent = isCredit ? undefined : rateOf(input, original ?? 0, origin, options, report);
  if (status === undefined || original === undefined || balance === undefined) return undefined;
  return {
    origin,
    feeId: input.id,
    feeType: input.type.value,
    status,
    original,
    vatPercent,
    balance,
    created: input.creation_time,
    changed: input.status_time ?? null,
    comment: input.comment || undefined,
    owner,
    item: itemOf(input),
    externalReference: input.bursar_transaction_id || undefined,
    transactions: transactions.filter((row) => row !== undefined).sort((a, b) => a.time.ms - b.time.ms),
  };
}

/** Returns the tax rate that gives the row's VAT; undefined without VAT, or if no rates are known. */
function rateOf(
  { original_vat_amount: vat, type }: RowInput,
  original: number,
  origin: RawRow,
  options: AlmaImportOptions,
  report: Report,
): number | undefined {
  const rates = vatPercentsOf(options, type.value);
  if (!vat || rates.length === 0) return undefined;
  const tax = amountOf(vat, 'original_vat_amount', origin, report);
  const rate = rates.find((percent) => taxIncluded(Math.max(0, original), percent) === tax);
  if (rate === undefined && tax !== undefined) {
    report('VatNotExplained', 'original_vat_amount', `the tax of ${rates.join(' or ')} percent`, String(vat));
  }
  return rate;
}

function statusOf(code: string): AlmaStatus | undefined {
  return Object.hasOwn(almaStatuses, code) ? (code as AlmaStatus) : undefined;
}

/** Reads an amount of the response's currency, of either sign. */
function amountOf(value: number, field: string, { minorDigits }: RawRow, report: Report): number | undefined {
  const amount = amountFromNumber(value, minorDigits);
  if (amount !== undefined && Math.abs(amount) < 10 ** AMOUNT_DIGITS_MAX) return amount;
  const expected = `an amount with at most ${minorDigits} decimals and ${AMOUNT_DIGITS_MAX} digits in minor units`;
  report('AmountNotInCurrency', field, expected, String(value));
  return undefined;
}

function transactionOf(
  input: TransactionInput,
  field: string,
  origin: RawRow,
  options: AlmaImportOptions,
  report: Report,
): TransactionRow | undefined {
  const kind = transactionKind({ value: input.type.value, desc: input.type.desc ?? '' });
  if (kind === undefined) {
    report(
      'UnknownTransaction',
      `${field}.type`,
      'a payment, waiver, export or imported payment',
      described(input.type.value),
    );
  }
  const amount = amountOf(input.amount, `${field}.amount`, origin, report);
  if (amount !== undefined && amount <= 0) {
    report('AmountHasWrongSign', `${field}.amount`, 'an amount above 0', String(input.amount));
  }
  const method = input.payment_method?.value ?? options.paymentMethod;
  if (kind === 'payment' && method === undefined) {
    report('MissingField', `${field}.payment_method`, 'a value, or the option `paymentMethod`', 'nothing');
  }
  if (kind === undefined || amount === undefined) return undefined;
  return {
    field,
    kind,
    amount,
    time: input.transaction_time,
    by: actorOf(input, options),
    method,
    externalTransactionId: input.external_transaction_id || undefined,
    reason: input.reason?.value,
    comment: input.comment || undefined,
  };
}

/** Returns the actor of a transaction, as far as the row names one. */
function actorOf(
  { created_by, received_by }: TransactionInput,
  { institution }: AlmaImportOptions,
): RecordedActor {
  const desk = received_by?.value === NOT_AT_DESK ? undefined : received_by?.value;
  return omitUndefined({
    userId: created_by || undefined,
    channel: 'import' as const,
    desk: desk || undefined,
    library: received_by?.desc || undefined,
    institution,
  });
}

function itemOf({ barcode, title }: RowInput): Item | undefined {
  const code = typeof barcode === 'string' ? barcode : barcode?.value;
  if (!code && !title) return undefined;
  return omitUndefined({ barcode: code || undefined, title: title || undefined });
}
