import { faultText } from '../../input/faults.js';

/**
 * The reasons why a response, or a row of it, was not imported.
 *
 * Of the response:
 * - `ErrorEnvelope`: Alma answered with an error instead of fees.
 * - `MalformedResponse`: it is not a list of fees.
 * - `UnknownCurrency`: neither the response nor the policy names a currency of ISO 4217. Checked for each row too.
 * - `RecordCountDiffers`: it has more or fewer rows than its count.
 * - `TotalSumDiffers`: its balances do not add up to its total.
 *
 * Of a row, which then has no events at all:
 * - `MissingField`: a required field is missing, and no option replaces it.
 * - `MalformedField`: a field has an invalid value.
 * - `OtherCurrency`: the response is in another currency than the policy or the response before it.
 * - `SeveralPatrons`: the rows belong to more than one patron.
 * - `DuplicateFee`: several rows have this id.
 * - `IdNotUsable`: an id made for one of its events would be too long, or is the id of a row.
 * - `UnknownStatus`, `UnknownTransaction`: a code this import does not know.
 * - `AmountNotInCurrency`: more decimals than the currency has, or more than twelve digits.
 * - `AmountHasWrongSign`: a fee or transaction that is not positive, a credit that is not negative.
 * - `BalanceAboveOriginal`: the balance exceeds the original amount.
 * - `StatusContradictsBalance`: closed or exported with a balance, open without one.
 * - `BalanceNotExplained`: the transactions do not lead from the original amount to the balance.
 * - `TransferNotExplained`: the exports do not match the amount missing from the balance.
 * - `CreditUseNotExplained`: part of a credit is used, and the response does not show for what.
 * - `VatNotExplained`: no known tax rate gives the row's VAT.
 * - `CreditDisputed`: a credit in dispute, which has no meaning here.
 * - `TotalTooLarge`: with this row the account would exceed the safe integers, or one payment twelve digits.
 */
export type AlmaFindingCode =
  | 'ErrorEnvelope'
  | 'MalformedResponse'
  | 'UnknownCurrency'
  | 'RecordCountDiffers'
  | 'TotalSumDiffers'
  | 'MissingField'
  | 'MalformedField'
  | 'OtherCurrency'
  | 'SeveralPatrons'
  | 'DuplicateFee'
  | 'IdNotUsable'
  | 'UnknownStatus'
  | 'UnknownTransaction'
  | 'AmountNotInCurrency'
  | 'AmountHasWrongSign'
  | 'BalanceAboveOriginal'
  | 'StatusContradictsBalance'
  | 'BalanceNotExplained'
  | 'TransferNotExplained'
  | 'CreditUseNotExplained'
  | 'VatNotExplained'
  | 'CreditDisputed'
  | 'TotalTooLarge';

/** A part of a response that no event explains. Plain JSON, for a person to check. */
export type AlmaFinding = {
  /** The kind of finding. */
  readonly code: AlmaFindingCode;
  /** The path, e.g. `fee[2].transaction[0].amount`; empty for the whole response. */
  readonly path: string;
  /** The expected value, in words or figures. */
  readonly expected: string;
  /** The value found. */
  readonly found: string;
  /** The finding in one sentence. */
  readonly message: string;
  /** The row's id in Alma, when it has a readable one; absent for findings of the response. */
  readonly feeId?: string;
  /** The row as Alma sent it; absent for findings of the response. */
  readonly row?: unknown;
};

/** The origin of a row, for its findings. */
export type RowOrigin = {
  /** The path, e.g. `fee[2]`. */
  readonly path: string;
  /** The row as Alma sent it. */
  readonly raw: unknown;
};

const FOUND_LENGTH_MAX = 80;

/** Makes a finding of a response. */
export function findingOf(code: AlmaFindingCode, path: string, expected: string, found: string): AlmaFinding {
  return {
    code,
    path,
    expected,
    found,
    message: faultText({ path, expected, found }, { whole: 'the response' }),
  };
}

/** Makes a finding of a row; `field` is the path within the row. */
export function findingOfRow(
  row: RowOrigin,
  code: AlmaFindingCode,
  field: string,
  expected: string,
  found: string,
): AlmaFinding {
  const feeId = fieldOf(row.raw, 'id');
  return {
    ...findingOf(code, field === '' ? row.path : `${row.path}.${field}`, expected, found),
    ...(typeof feeId === 'string' ? { feeId } : {}),
    row: row.raw,
  };
}

/** Reads a field of any value; `undefined` if it has none. */
export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Record<string, unknown>)[field]
    : undefined;
}

/** Describes a value in a few words. */
export function described(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > FOUND_LENGTH_MAX
      ? `${JSON.stringify(value.slice(0, FOUND_LENGTH_MAX))}… (${value.length} characters)`
      : JSON.stringify(value);
  }
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'nothing' : String(value);
}
