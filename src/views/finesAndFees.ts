import type { PatronAccount } from '../account/patronAccount.js';
import { instantOf } from '../input/instant.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { balancesOfAll, type ViewedAccounts, viewedAccounts } from './amountWriter.js';
import { type FinesAndFeesFilter, rowTest, type SortColumn } from './finesAndFeesFilter.js';
import { type FinesAndFeesRow, type RowSource, rowOf, rowSources, rowTypeLabel } from './finesAndFeesRow.js';

/** The five figures above the fines and fees list, as decimal strings. */
export type FinesAndFeesBalances = {
  /** What remains of fees that are not disputed, less unused credits: the sum of the active rows. */
  readonly active: string;
  /** The sum of the disputed rows. */
  readonly disputed: string;
  /** What was transferred to an external billing system and not settled yet, over all rows. */
  readonly transferred: string;
  /**
   * What remains on the rows that match the filter, on all pages, without disputed rows. With the status `all` it is
   * the active balance.
   */
  readonly currentlyFiltered: string;
  /** What remains on the disputed rows that match the filter. With the status `all` it is the disputed balance. */
  readonly currentlyFilteredDisputed: string;
};

/** The fines and fees list of a patron. */
export type FinesAndFees = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The five figures above the list. */
  readonly balances: FinesAndFeesBalances;
  /** The number of rows that match the filter, on all pages. */
  readonly rowCount: number;
  /** The rows of the page. */
  readonly rows: readonly FinesAndFeesRow[];
};

/**
 * Returns the fines and fees list that staff see when they open a patron's fees.
 *
 * As in Alma, it has only active rows by default, and the two "currently filtered" balances are the active and the
 * disputed balance of the rows that match the filter; together they are the sum of those rows.
 *
 * @param account - a patron account; {@link householdFees} shows several
 * @param policy - the institution's policy, for labels; types that it no longer has show as codes
 * @param filter - which rows, their order and the page
 * @returns rows and balances, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the filter is invalid, with every fault
 * and its path in `details.faults`; `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { finesAndFees } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OVERDUEFINE', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeAssessed', data: { feeId: 'f2', feeType: 'OTHER', amount: '4.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f2', at } },
 * ]);
 * const list = finesAndFees(account, definePolicy({ currency: 'USD' }), { status: ['active', 'disputed'] });
 * list.rows.map(({ typeLabel, status, remaining }) => `${typeLabel}: ${remaining} ${status}`);
 * //=> ['Overdue fine: 25.00 active', 'Other: 4.00 disputed']
 * list.balances.currentlyFiltered; //=> '25.00'
 * list.balances.currentlyFilteredDisputed; //=> '4.00'
 * ```
 */
export function finesAndFees(
  account: PatronAccount,
  policy: FeePolicy,
  filter: FinesAndFeesFilter = {},
): FinesAndFees {
  const labels = definedPolicy(policy);
  const viewed = viewedAccounts(account, labels);
  const { page, ...list } = filteredList(viewed, labels, filter);
  return { ...list, rows: page.map(({ source }) => rowOf(source, labels, viewed.write)) };
}

/** A row of the list, and the index of its account. */
export type ListedRow = { readonly source: RowSource; readonly index: number };

/** Returns the list over all accounts, with the rows of the page before they are formatted. */
export function filteredList(
  { accounts, currency, write }: ViewedAccounts,
  labels: FeePolicy,
  filter: FinesAndFeesFilter,
): Omit<FinesAndFees, 'rows'> & { readonly page: readonly ListedRow[] } {
  const { filtered, ...rows } = rowsOfPage(accounts, labels, filter);
  const { active, disputed, transferred } = balancesOfAll(accounts);
  return {
    currency,
    balances: {
      active: write(active),
      disputed: write(disputed),
      transferred: write(transferred),
      currentlyFiltered: write(filtered.open),
      currentlyFilteredDisputed: write(filtered.disputed),
    },
    ...rows,
  };
}

/** Returns the rows of the page over all accounts, and what remains on all rows that match, in minor units. */
export function rowsOfPage(
  accounts: readonly PatronAccount[],
  labels: FeePolicy,
  filter: FinesAndFeesFilter,
): {
  readonly rowCount: number;
  readonly filtered: { readonly open: number; readonly disputed: number };
  readonly page: readonly ListedRow[];
} {
  const passes = rowTest(filter);
  const found: ListedRow[] = [];
  const filtered = { open: 0, disputed: 0 };
  for (const [index, account] of accounts.entries()) {
    for (const source of rowSources(account)) {
      if (!passes(source)) continue;
      found.push({ source, index });
      filtered[source.status === 'disputed' ? 'disputed' : 'open'] += source.remaining;
    }
  }
  const { offset = 0, limit = found.length } = filter.page ?? {};
  const page = sorted(found, labels, filter.sort).slice(offset, offset + limit);
  return { rowCount: found.length, filtered, page };
}

/** Returns sorted rows; ties keep their order in both directions. */
function sorted(
  rows: readonly ListedRow[],
  policy: FeePolicy,
  sort: FinesAndFeesFilter['sort'],
): readonly ListedRow[] {
  if (sort === undefined) return rows;
  const direction = sort.descending === true ? -1 : 1;
  return rows
    .map((row) => ({ row, key: sortKey(row.source, sort.by, policy) }))
    .sort((a, b) => (a.key < b.key ? -direction : a.key > b.key ? direction : 0))
    .map(({ row }) => row);
}

/** Returns the sort key of a row. Missing texts sort first, invalid instants last. */
function sortKey(row: RowSource, by: SortColumn, policy: FeePolicy): string | number {
  switch (by) {
    case 'at': {
      const instant = instantOf(row.at);
      return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant;
    }
    case 'type':
      return rowTypeLabel(row, policy);
    case 'owner':
      return row.owner ?? '';
    case 'title':
      return row.item?.title ?? '';
    default:
      return row[by];
  }
}
