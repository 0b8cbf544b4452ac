import * as v from 'valibot';
import { balancesInMinorUnits, type PatronAccount } from '../account/patronAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter, viewCurrency } from './amountWriter.js';
import { rowsOfPage } from './finesAndFees.js';
import type { FinesAndFeesFilter } from './finesAndFeesFilter.js';
import { type FinesAndFeesRow, rowOf } from './finesAndFeesRow.js';
import { type Summary, summary } from './summary.js';

/** A patron's account at one institution of a fulfillment network. */
export type NetworkAccount = {
  /** The institution. */
  readonly institution: string;
  /** The patron's account there. */
  readonly account: PatronAccount;
};

/** The summary of a patron's account at one institution of the network. Amounts are decimal strings. */
export type InstitutionActivity = Omit<Summary, 'currency'> & {
  /** ISO 4217 code of its amounts; null before the account's first amount. */
  readonly currency: string | null;
  /** The institution. */
  readonly institution: string;
};

/** Sums in one currency over all institutions that charge in it. Amounts are decimal strings. */
export type CurrencyTotal = {
  /** ISO 4217 code. */
  readonly currency: string;
  /** The sum of the active balances. */
  readonly active: string;
  /** The sum of the disputed balances. */
  readonly disputed: string;
  /** The sum of the transferred balances. */
  readonly transferred: string;
  /** The sum of what can be paid now; each part is paid at its institution. */
  readonly payable: string;
};

/** A fee or credit at one institution of the network; `loanId` and `item` name the loan that a fee was charged for. */
export type NetworkRow = {
  /** The institution that charged the fee; it is paid and waived there. */
  readonly institution: string;
  /** ISO 4217 code of the row's amounts. */
  readonly currency: string;
} & FinesAndFeesRow;

/** A patron's accounts in a fulfillment network. */
export type NetworkActivity = {
  /** One entry per account, in the given order. */
  readonly institutions: readonly InstitutionActivity[];
  /** One total per currency, in order of first occurrence; amounts are never converted. */
  readonly totals: readonly CurrencyTotal[];
  /** The number of rows that match the filter, on all pages. */
  readonly rowCount: number;
  /** The rows of the page: those of the first account, then those of the second, unless the filter has an order. */
  readonly rows: readonly NetworkRow[];
};

/**
 * Returns what a patron owes at the institutions of a fulfillment network: a summary of each account, totals per
 * currency, and the fees and credits row by row, to be read.
 *
 * As in {@link finesAndFees}, the rows are the active ones by default; the summaries and totals do not depend on the
 * filter. An order by amount compares minor units, whatever the currency. A fee belongs to the institution that charged
 * it, and is paid and waived there.
 *
 * @param accounts - the patron's account at each institution
 * @param policy - the policy of the institution that asks: its currency formats the zeros of an account without events,
 * and its fee types name those of the rows; types that it does not have show as codes
 * @param filter - which rows, their order and the page
 * @returns the summary of each account, totals per currency and the rows, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if an entry has no institution or the
 * filter is invalid, `INVALID_ACCOUNT` if an entry has no account, `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { networkActivity } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const feeOf = (amount: string, currency: string) =>
 *   fold([{ type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount, currency, owner: 'MAIN', at } }]);
 * const { institutions, totals, rows } = networkActivity([
 *   { institution: 'NORTH', account: feeOf('25.00', 'USD') },
 *   { institution: 'SOUTH', account: feeOf('4.50', 'USD') },
 *   { institution: 'EAST', account: feeOf('300', 'JPY') },
 * ], definePolicy({ currency: 'USD' }));
 * institutions.map(({ institution, active, currency }) => `${institution}: ${active} ${currency}`);
 * //=> ['NORTH: 25.00 USD', 'SOUTH: 4.50 USD', 'EAST: 300 JPY']
 * totals.map(({ currency, payable }) => `${payable} ${currency}`); //=> ['29.50 USD', '300 JPY']
 * rows.map(({ institution, typeLabel, remaining }) => `${institution}: ${typeLabel}, ${remaining}`);
 * //=> ['NORTH: Other, 25.00', 'SOUTH: Other, 4.50', 'EAST: Other, 300']
 * ```
 */
export function networkActivity(
  accounts: readonly NetworkAccount[],
  policy: FeePolicy,
  filter: FinesAndFeesFilter = {},
): NetworkActivity {
  const known = definedPolicy(policy);
  checkedArgument(v.array(v.looseObject({ institution: v.string() })), accounts, 'accounts');
  const institutions = accounts.map(({ institution, account }) => ({
    institution,
    ...summary(account, known),
    currency: account.currency,
  }));
  const sums = new Map<string, Sums>();
  for (const { account } of accounts) {
    if (account.currency === null) continue;
    const { active, disputed, transferred, payable } = balancesInMinorUnits(account);
    const sum = sums.get(account.currency) ?? { active: 0n, disputed: 0n, transferred: 0n, payable: 0n };
    sums.set(account.currency, {
      active: sum.active + BigInt(active),
      disputed: sum.disputed + BigInt(disputed),
      transferred: sum.transferred + BigInt(transferred),
      payable: sum.payable + BigInt(payable),
    });
  }
  const found = rowsOfPage(
    accounts.map(({ account }) => account),
    known,
    filter,
  );
  const rows = found.page.map(({ source, index }) => {
    const { institution, account } = accounts[index] as NetworkAccount;
    const row = rowOf(source, known, amountWriter(account, known));
    return { institution, currency: viewCurrency(account, known), ...row };
  });
  const totals = Array.from(sums, ([currency, sum]) => totalOf(currency, sum));
  return { institutions, totals, rowCount: found.rowCount, rows };
}

/**
 * Sums over accounts in minor units; bigint, because only the amounts of a single account are known to be safe
 * integers.
 */
type Sums = Readonly<Record<'active' | 'disputed' | 'transferred' | 'payable', bigint>>;

function totalOf(currency: string, { active, disputed, transferred, payable }: Sums): CurrencyTotal {
  const write = (minor: bigint) => formatAmount(minor, digitsOf(currency));
  return {
    currency,
    active: write(active),
    disputed: write(disputed),
    transferred: write(transferred),
    payable: write(payable),
  };
}
