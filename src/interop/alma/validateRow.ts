import { formatAmount } from '../../money/money.js';
import { type AlmaTransactionKind, CREDIT_TYPE } from './almaFees.js';
import { type AlmaFinding, type AlmaFindingCode, findingOfRow } from './almaFinding.js';
import type { FeeRow } from './feeRow.js';
import type { AlmaImportOptions } from './importOptions.js';
import type { AlmaTime } from './rowSchema.js';

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
