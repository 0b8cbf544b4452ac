import type { Request } from './scenario.js';

/** A FOLIO row, in cents. */
export type Row = { readonly remaining: number; readonly status: string; readonly paymentStatus: string };

/** A line of FOLIO's ledger, in cents. */
export type Line = {
  readonly account: string;
  readonly type: string;
  readonly amount: number;
  readonly balance: number;
  readonly recipient?: string;
};

/** The notices that FOLIO sends to other modules. */
export type Notice =
  | { readonly type: 'FEE_FINE_BALANCE_CHANGED'; readonly account: string }
  | { readonly type: 'LOAN_RELATED_FEE_FINE_CLOSED'; readonly loan: string };

/** The refunded amounts, in cents. An external system may be called "patron", so lines are not enough. */
export type Refunded = { readonly patron: number; readonly others: number };

/** The result of one request, in FOLIO's words. Amounts are in cents. */
export type Outcome = {
  readonly httpStatus: number;
  readonly error?: string;
  /** The amount as the caller wrote it, returned with a refusal. */
  readonly echoAmount?: string;
  readonly amount?: number;
  readonly allowed?: boolean;
  readonly wouldRemain?: number;
  readonly rows: ReadonlyMap<string, Row>;
  readonly lines: readonly Line[];
  readonly notices: readonly Notice[];
  /** The share of each account that the request names. */
  readonly shares: readonly number[];
  readonly refunded?: Refunded;
  /** Only in this library: what remained before on each existing account of the request. */
  readonly remainedBefore?: readonly number[];
  /** Only in this library: what remained or was waived before on each existing account of the request. */
  readonly uncancelledBefore?: readonly number[];
};

/** A fee system that can perform FOLIO's requests. */
export type World = { readonly perform: (request: Request) => Outcome };

/** The notices that FOLIO would send about changed rows. */
export function noticesOf(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  named: readonly string[],
  loanOf: (ref: string) => string | undefined,
): Notice[] {
  const changed = named.filter((ref) => before.get(ref)?.remaining !== after.get(ref)?.remaining);
  const isClosed = (row: Row | undefined) => row?.status === 'Closed' && row.remaining === 0;
  const loans = named.filter((ref) => !isClosed(before.get(ref)) && isClosed(after.get(ref))).map(loanOf);
  return [
    ...changed.map((account) => ({ type: 'FEE_FINE_BALANCE_CHANGED', account }) as const),
    ...[...new Set(loans)].flatMap((loan) =>
      loan === undefined ? [] : [{ type: 'LOAN_RELATED_FEE_FINE_CLOSED', loan } as const],
    ),
  ];
}
