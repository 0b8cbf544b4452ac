import { amountFromNumber } from '../../money/amountFromNumber.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import {
  type AlmaFinding,
  described,
  fieldOf,
  findingOf,
  findingOfRow,
  type RowOrigin,
} from './almaFinding.js';
import type { RawRow } from './feeRow.js';

/** The rows of a response, and the faults of the response itself. */
export type ResponseRows = {
  /** The rows in a known currency. */
  readonly rows: readonly RawRow[];
  /** Faults of the response, and rows in an unknown currency. */
  readonly findings: readonly AlmaFinding[];
};

/**
 * Reads a response, but not its rows: the list, the currency and the control totals.
 *
 * @param path - the path of the response, e.g. `[1]`; empty for a single response
 * @param fallback - the currency of a response without one
 */
export function readResponse(response: unknown, path: string, fallback: string | undefined): ResponseRows {
  const rows = fieldOf(response, 'fee');
  const count = fieldOf(response, 'total_record_count');
  if (fieldOf(response, 'errorsExist') === true || fieldOf(response, 'errorList') !== undefined) {
    return { rows: [], findings: [findingOf('ErrorEnvelope', path, 'fees', errorsIn(response))] };
  }
  // Alma omits `fee` if the list is empty.
  if (!Array.isArray(rows) && (rows !== undefined || typeof count !== 'number')) {
    const found = rows === undefined ? described(response) : `fee: ${described(rows)}`;
    return { rows: [], findings: [findingOf('MalformedResponse', path, 'a list of fees', found)] };
  }
  const origins = Array.from(
    Array.isArray(rows) ? rows : [],
    (raw: unknown, index): RowOrigin => ({ path: at(path, `fee[${index}]`), raw }),
  );
  const findings =
    origins.length === (count ?? origins.length) ? [] : [countFinding(path, count, origins.length)];
  const named = fieldOf(response, 'currency') ?? fallback;
  const digits = typeof named === 'string' ? minorDigits(named) : undefined;
  if (digits === undefined)
    return { rows: [], findings: [...findings, ...currencyFindings(path, origins, named)] };
  const currency = named as string;
  const total = fieldOf(response, 'total_sum');
  return {
    rows: origins.map((origin) => ({ ...origin, currency, minorDigits: digits })),
    findings: [...findings, ...totalFindings(path, total, origins, digits)],
  };
}

/** A path into the response. */
function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

function countFinding(path: string, count: unknown, rows: number): AlmaFinding {
  return findingOf('RecordCountDiffers', at(path, 'total_record_count'), String(rows), described(count));
}

function currencyFindings(path: string, origins: readonly RowOrigin[], found: unknown): AlmaFinding[] {
  const expected = 'an ISO 4217 code, here or in the policy';
  return [
    findingOf('UnknownCurrency', at(path, 'currency'), expected, described(found)),
    ...origins.map((origin) =>
      findingOfRow(origin, 'UnknownCurrency', '', 'a response in a known currency', described(found)),
    ),
  ];
}

/** Compares the balances with the response's total, in minor units because both are binary sums. */
function totalFindings(
  path: string,
  total: unknown,
  origins: readonly RowOrigin[],
  digits: number,
): AlmaFinding[] {
  if (total === undefined || total === null) return [];
  const balances = origins.map(({ raw }) => amountFromNumber(fieldOf(raw, 'balance') as number, digits) ?? 0);
  const sum = balances.reduce((before, balance) => before + balance, 0);
  if (amountFromNumber(total as number, digits) === sum) return [];
  return [findingOf('TotalSumDiffers', at(path, 'total_sum'), formatAmount(sum, digits), described(total))];
}

/** Alma's error codes and messages, on one line. */
function errorsIn(response: unknown): string {
  const list = fieldOf(fieldOf(response, 'errorList'), 'error');
  const errors: unknown[] = Array.isArray(list) ? list : [];
  const texts = errors.map((error) => {
    const [code, message] = [fieldOf(error, 'errorCode'), fieldOf(error, 'errorMessage')];
    return [code, message].filter((text) => typeof text === 'string').join(' ');
  });
  return texts.filter(Boolean).join('; ').slice(0, 500) || 'an error';
}

/**
 * Finds rows that cannot be imported because of other rows: two rows with the same id, fees of several patrons, or
 * amounts in another currency.
 *
 * @param currency - the currency of the account
 */
export function conflictingRows(
  rows: readonly RawRow[],
  currency: string | undefined,
): Map<RawRow, AlmaFinding> {
  const found = new Map<RawRow, AlmaFinding>();
  const timesById = new Map<unknown, number>();
  const patrons = new Set<unknown>();
  for (const { raw } of rows) {
    const id = fieldOf(raw, 'id');
    if (typeof id === 'string') timesById.set(id, (timesById.get(id) ?? 0) + 1);
    const patron = patronOf(raw);
    if (typeof patron === 'string') patrons.add(patron.toLowerCase());
  }
  for (const row of rows) {
    const id = fieldOf(row.raw, 'id');
    if (patrons.size > 1) {
      const patron = described(patronOf(row.raw));
      found.set(row, findingOfRow(row, 'SeveralPatrons', 'user_primary_id', 'rows of one patron', patron));
    } else if ((timesById.get(id) ?? 0) > 1) {
      found.set(row, findingOfRow(row, 'DuplicateFee', 'id', 'one row with this id', described(id)));
    } else if (row.currency !== currency) {
      found.set(row, findingOfRow(row, 'OtherCurrency', '', `amounts in ${currency}`, row.currency));
    }
  }
  return found;
}

function patronOf(raw: unknown): unknown {
  return fieldOf(fieldOf(raw, 'user_primary_id'), 'value');
}
