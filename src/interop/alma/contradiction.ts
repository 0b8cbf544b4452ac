import { formatAmount } from '../../money/money.js';
import { type AlmaFinding, type AlmaFindingCode, findingOfRow } from './almaFinding.js';
import type { FeeRow } from './feeRow.js';
import type { AlmaImportOptions } from './importOptions.js';
import { type RowFigures, rowFigures } from './rowFigures.js';
import type { AlmaTime } from './rowSchema.js';

/** What is wrong: code, field, expected, found. */
type Contradiction = readonly [code: AlmaFindingCode, field: string, expected: string, found: string];

/**
 * Finds what keeps a row from being explained: where its amounts, status and transactions contradict each other.
 *
 * @returns the first contradiction, or `undefined` when events can tell the row's whole story
 */
export function contradiction(row: FeeRow, options: AlmaImportOptions): AlmaFinding | undefined {
  const figures = rowFigures(row);
  const amount = (minor: number) => formatAmount(minor, row.origin.minorDigits);
  const about =
    ofAmounts(row, figures, amount) ??
    (figures.isCredit ? ofCreditUse(row, figures, amount) : undefined) ??
    ofStatus(row, figures, amount) ??
    ofHandover(row, figures, amount) ??
    ofTime(row, figures, options);
  return about && findingOfRow(row.origin, ...about);
}

type Format = (minor: number) => string;

function ofAmounts(
  row: FeeRow,
  { isCredit, original, balance }: RowFigures,
  amount: Format,
): Contradiction | undefined {
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

/** A credit can be unused, or handed over whole; whatever else used it stands in no row of a response. */
function ofCreditUse(row: FeeRow, { original, balance, exported, settled }: RowFigures, amount: Format) {
  if (row.status === 'INDISPUTE') {
    return ['CreditDisputed', 'status', 'a credit that nobody disputes', row.status] as const;
  }
  const use = row.transactions.find(({ kind }) => kind === 'payment' || kind === 'waiver');
  if (use !== undefined) {
    return ['CreditUseNotExplained', use.field, 'an export or imported payment', use.kind] as const;
  }
  const handedOver = exported > 0 || settled > 0 || row.status === 'EXPORTED';
  if (balance < original && !handedOver) {
    return ['CreditUseNotExplained', 'balance', amount(row.original), amount(row.balance)] as const;
  }
  return undefined;
}

function ofStatus(row: FeeRow, { balance }: RowFigures, amount: Format): Contradiction | undefined {
  if (isOpen(row) === balance > 0) return undefined;
  const expected = isOpen(row) ? `a balance, being ${row.status}` : `0, being ${row.status}`;
  return ['StatusContradictsBalance', 'balance', expected, amount(row.balance)];
}

/**
 * Holds what is gone to what was handed over. A fee is exported whole; while the billing system has not reported it
 * paid, Alma shows it as EXPORTED, and as CLOSED afterwards or when no report is expected.
 */
function ofHandover(row: FeeRow, figures: RowFigures, amount: Format): Contradiction | undefined {
  const { gone, exported, settled } = figures;
  const isExported = row.status === 'EXPORTED';
  const evident = isOpen(row) ? 0 : isExported && exported === 0 ? gone : exported || settled;
  if (gone < 0 || (gone > 0 && evident === 0)) {
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
  if (evident !== gone) {
    return ['TransferNotExplained', 'transaction', `exports of ${amount(gone)}`, amount(evident)];
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

/** A dispute or export needs a time. */
function ofTime(row: FeeRow, { gone }: RowFigures, options: AlmaImportOptions): Contradiction | undefined {
  const needed = row.status === 'INDISPUTE' || gone > 0;
  if (!needed || transferTime(row, options) !== undefined) return undefined;
  return ['MissingField', 'status_time', 'a value, or the option `importedAt`', 'nothing'];
}

/** Whether a row is still open. */
function isOpen({ status }: FeeRow): boolean {
  return status === 'ACTIVE' || status === 'INDISPUTE';
}

/** An amount with the sign it has in the row. */
function signed({ isCredit }: RowFigures, minor: number): number {
  return isCredit ? -minor : minor;
}

/** When a row got its status: its last change, which is the latest that it can have been. */
export function statusTime(row: FeeRow, { importedAt }: AlmaImportOptions): AlmaTime | undefined {
  if (row.changed !== null || importedAt === undefined) return row.changed ?? undefined;
  return { at: importedAt, ms: Date.parse(importedAt) };
}

/** When a row was handed over: at its export, at the latest with the first payment reported for it. */
export function transferTime(row: FeeRow, options: AlmaImportOptions): AlmaTime | undefined {
  const timeOf = (wanted: string) => row.transactions.find(({ kind }) => kind === wanted)?.time;
  return timeOf('export') ?? timeOf('settlement') ?? statusTime(row, options);
}
