import * as v from 'valibot';
import type { Item, RecordedActor } from '../../account/circumstances.js';
import { nameField, textField } from '../../account/fieldSchemas.js';
import type { Fault } from '../../errors.js';
import { faultsOf, MISSING } from '../../input/faults.js';
import { isInstant } from '../../input/instant.js';
import { omitUndefined } from '../../input/plainObject.js';
import { amountFromNumber } from '../../money/amountFromNumber.js';
import { AMOUNT_DIGITS_MAX, formatAmount } from '../../money/money.js';
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
type RowReading =
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

/** A contradiction in a row: code, field, expected, found. */
type RowFault = readonly [code: AlmaFindingCode, field: string, expected: string, found: string];

/**
 * Checks that the amounts, status and transactions of a row agree.
 *
 * @returns the first contradiction as a finding, or `undefined` if events can explain the whole row
 */
export function validateRow(row: FeeRow, options: AlmaImportOptions): AlmaFinding | undefined {
  const figures = rowFigures(row);
  const amount = (minor: number) => formatAmount(minor, row.origin.minorDigits);
  const about =
    amountFault(row, figures, amount) ??
    (figures.isCredit ? creditUseFault(row, figures, amount) : undefined) ??
    statusFault(row, figures, amount) ??
    transferFault(row, figures, amount) ??
    timeFault(row, figures, options);
  return about && findingOfRow(row.origin, ...about);
}

type Format = (minor: number) => string;

function amountFault(
  row: FeeRow,
  { isCredit, original, balance }: RowFigures,
  amount: Format,
): RowFault | undefined {
  const sign = isCredit ? 'below' : 'above';
  if (original <= 0) {
    return ['AmountHasWrongSign', 'original_amount', `an amount ${sign} 0`, amount(row.original)];
  }
  if (balance < 0) {
    return ['AmountHasWrongSign', 'balance', `0 or an amount ${sign} 0`, amount(row.balance)];
  }
  if (balance > original) {
    return ['BalanceAboveOriginal', 'balance', `at most ${amount(row.original)}`, amount(row.balance)];
  }
  return undefined;
}

/** A credit may be unused or transferred whole; no row of a response records any other use. */
function creditUseFault(row: FeeRow, { original, balance, exported, settled }: RowFigures, amount: Format) {
  if (row.status === 'INDISPUTE') {
    return ['CreditDisputed', 'status', 'a credit that nobody disputes', row.status] as const;
  }
  const use = row.transactions.find(({ kind }) => kind === 'payment' || kind === 'waiver');
  if (use !== undefined) {
    return ['CreditUseNotExplained', use.field, 'an export or imported payment', use.kind] as const;
  }
  const isTransferred = exported > 0 || settled > 0 || row.status === 'EXPORTED';
  if (balance < original && !isTransferred) {
    return ['CreditUseNotExplained', 'balance', amount(row.original), amount(row.balance)] as const;
  }
  return undefined;
}

function statusFault(row: FeeRow, { balance }: RowFigures, amount: Format): RowFault | undefined {
  if (isOpen(row) === balance > 0) return undefined;
  const expected = isOpen(row) ? `a balance, being ${row.status}` : `0, being ${row.status}`;
  return ['StatusContradictsBalance', 'balance', expected, amount(row.balance)];
}

/**
 * Compares the missing amount with the recorded exports. A fee is exported whole. Alma shows it as EXPORTED until the
 * billing system reports payment, and as CLOSED afterwards or if no report is expected.
 */
function transferFault(row: FeeRow, figures: RowFigures, amount: Format): RowFault | undefined {
  const { gone, exported, settled } = figures;
  const isExported = row.status === 'EXPORTED';
  const recorded = isOpen(row) ? 0 : isExported && exported === 0 ? gone : exported || settled;
  if (gone < 0 || (gone > 0 && recorded === 0)) {
    return [
      'BalanceNotExplained',
      'balance',
      amount(row.original - signed(figures, figures.paid + figures.waived)),
      amount(row.balance),
    ];
  }
  if (isOpen(row) && exported + settled > 0) {
    return ['TransferNotExplained', 'status', 'EXPORTED or CLOSED, having been exported', row.status];
  }
  if (isExported && gone === 0)
    return ['TransferNotExplained', 'status', 'CLOSED, nothing being exported', row.status];
  if (recorded !== gone) {
    return ['TransferNotExplained', 'transaction', `exports of ${amount(gone)}`, amount(recorded)];
  }
  if (row.transactions.filter(({ kind }) => kind === 'export').length > 1) {
    return ['TransferNotExplained', 'transaction', 'one export', 'several'];
  }
  const pending = gone - settled;
  const settledAsExpected = isExported ? pending > 0 : pending === 0 || settled === 0;
  if (settledAsExpected) return undefined;
  const expected = isExported
    ? `imported payments below ${amount(gone)}`
    : `imported payments of ${amount(gone)} or none`;
  return ['TransferNotExplained', 'transaction', expected, amount(settled)];
}

/** Checks that a dispute or export has a time. */
function timeFault(row: FeeRow, { gone }: RowFigures, options: AlmaImportOptions): RowFault | undefined {
  const needed = row.status === 'INDISPUTE' || gone > 0;
  if (!needed || transferTime(row, options) !== undefined) return undefined;
  return ['MissingField', 'status_time', 'a value, or the option `importedAt`', 'nothing'];
}

/** Returns whether a row is open. */
function isOpen({ status }: FeeRow): boolean {
  return status === 'ACTIVE' || status === 'INDISPUTE';
}

/** Returns an amount with the sign it has in the row. */
function signed({ isCredit }: RowFigures, minor: number): number {
  return isCredit ? -minor : minor;
}

/** Returns the time of a row's status: its last change, the latest possible time. */
export function statusTime(row: FeeRow, { importedAt }: AlmaImportOptions): AlmaTime | undefined {
  if (row.changed !== null || importedAt === undefined) return row.changed ?? undefined;
  return { at: importedAt, ms: Date.parse(importedAt) };
}

/** Returns the time of the transfer: the export, or else the first payment reported for it. */
export function transferTime(row: FeeRow, options: AlmaImportOptions): AlmaTime | undefined {
  const timeOf = (wanted: string) => row.transactions.find(({ kind }) => kind === wanted)?.time;
  return timeOf('export') ?? timeOf('settlement') ?? statusTime(row, options);
}

/** The figures of a row, in minor units; those of a credit made positive. */
export type RowFigures = {
  /** Whether the row is a credit. */
  readonly isCredit: boolean;
  /** The amount charged or credited. */
  readonly original: number;
  /** The balance. */
  readonly balance: number;
  /** Paid by transactions. */
  readonly paid: number;
  /** Waived by transactions. */
  readonly waived: number;
  /** Exported by transactions. */
  readonly exported: number;
  /** Reported as paid by the external billing system. */
  readonly settled: number;
  /** The amount that payments and waivers do not explain: it was exported, or its use is unknown. */
  readonly gone: number;
};

/** Sums the transactions of a row by kind. */
export function rowFigures(row: FeeRow): RowFigures {
  const isCredit = row.feeType === CREDIT_TYPE;
  const sign = isCredit ? -1 : 1;
  const sumOf = (kind: AlmaTransactionKind) =>
    row.transactions.reduce(
      (sum, transaction) => sum + (transaction.kind === kind ? transaction.amount : 0),
      0,
    );
  const [original, balance] = [sign * row.original, sign * row.balance];
  const [paid, waived] = [sumOf('payment'), sumOf('waiver')];
  return {
    isCredit,
    original,
    balance,
    paid,
    waived,
    exported: sumOf('export'),
    settled: sumOf('settlement'),
    gone: original - balance - paid - waived,
  };
}

/** An instant in two forms. */
export type AlmaTime = {
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  /** Milliseconds since 1970, for sorting. */
  readonly ms: number;
};

const TIME_EXPECTED = 'an ISO 8601 date and time with a zone, or milliseconds since 1970';

/** The last millisecond with a year of four digits. */
const MS_MAX = 253_402_300_799_999;

/** A time as Alma writes it: ISO 8601 in UTC, or (in older responses) milliseconds since 1970. */
const almaTime = v.pipe(
  v.union(
    [v.pipe(v.string(), v.check(isInstant)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))],
    TIME_EXPECTED,
  ),
  v.transform((time) => new Date(time).getTime()),
  v.maxValue(MS_MAX, TIME_EXPECTED),
  v.transform((ms): AlmaTime => ({ at: new Date(ms).toISOString(), ms })),
  v.check(({ at }) => isInstant(at), TIME_EXPECTED),
);

const text = v.nullish(textField);

/** A name, which Alma may also omit, or send as null or empty. */
const name = v.nullish(v.union([v.literal(''), nameField], 'a name'));

const code = v.object({ value: nameField, desc: text });

/** Numbers are read as amounts later, when the currency is known. */
const amount = v.number('a number');

const transactionSchema = v.object({
  type: code,
  amount,
  reason: v.nullish(code),
  comment: text,
  created_by: name,
  external_transaction_id: name,
  transaction_time: almaTime,
  received_by: v.nullish(v.object({ value: name, desc: name })),
  payment_method: v.nullish(code),
});

/** A transaction in the shape Alma gives it. */
type TransactionInput = v.InferOutput<typeof transactionSchema>;

/**
 * The fields of a row that this import reads. Unknown fields are ignored, since Alma adds some from time to time. The
 * VAT of the original amount gives the rate; the rest follows from it.
 */
export const rowSchema = v.object({
  id: nameField,
  type: code,
  status: code,
  balance: amount,
  original_amount: amount,
  original_vat_amount: v.nullish(amount),
  creation_time: almaTime,
  status_time: v.nullish(almaTime),
  comment: text,
  owner: v.nullish(code),
  title: text,
  barcode: v.nullish(
    v.union([textField, v.object({ value: text })], 'a barcode, or an object with its value'),
  ),
  bursar_transaction_id: text,
  transaction: v.nullish(v.array(transactionSchema, 'a list of transactions')),
});

/** A row in the shape Alma gives it. */
type RowInput = v.InferOutput<typeof rowSchema>;
