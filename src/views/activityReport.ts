import * as v from 'valibot';
import type { PatronAccount } from '../account/patronAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField, instantOf } from '../input/instant.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { balancesOfAll, viewedAccounts } from './amountWriter.js';
import { codeLabel } from './codeLabel.js';
import { type FinesAndFeesRow, type RowSource, rowOf, rowSources } from './finesAndFeesRow.js';
import { type PlanProgress, runningPlans } from './paymentPlan.js';

/** The patron a report is for. */
export type ReportPatron = {
  /** The patron's name. */
  readonly name: string;
  /** The barcode of the patron's card. */
  readonly barcode?: string;
};

/** A loan. The library system supplies it, because accounts contain fees, not loans. */
export type ReportLoan = {
  /** The title of the item. */
  readonly title: string;
  /** The barcode of the item. */
  readonly barcode?: string;
  /** The library that lent it. */
  readonly library?: string;
  /** When it is due, ISO 8601 with a zone. */
  readonly dueAt?: string;
};

/** What a report needs besides the account. */
export type ActivityReportInput = {
  /** The time of the report, ISO 8601 with a zone. Loans due before it are overdue. */
  readonly at: string;
  /** The patron. */
  readonly patron: ReportPatron;
  /** The patron's loans. */
  readonly loans: readonly ReportLoan[];
  /**
   * Names of libraries by code.
   *
   * @defaultValue codes are shown
   */
  readonly libraryNames?: Readonly<Record<string, string>>;
};

/** The balances of one library or of all: decimal strings, negative if the library owes the patron. */
export type ReportBalances = {
  /** What remains of fees that are not disputed, less unused credits. */
  readonly active: string;
  /** What remains of disputed fees, less the unused credits set off against them. */
  readonly disputed: string;
  /** What was transferred to an external billing system and not settled yet; the patron still owes it there. */
  readonly transferred: string;
};

/** A patron's open fees and credits at one library. */
export type LibraryFees = {
  /** The owning library's code; null for credits that belong to no library. */
  readonly library: string | null;
  /** The library's name, or its code. */
  readonly name: string | null;
  /** Its fees and credits that are not closed. */
  readonly rows: readonly FinesAndFeesRow[];
  /** Its balances. */
  readonly balances: ReportBalances;
};

/** A loan in a report. */
export type ActivityReportLoan = ReportLoan & {
  /** Whether it was due before the time of the report. */
  readonly overdue: boolean;
};

/** A patron's loans and open fees as data; {@link activityReportText} and {@link activityReportHtml} format it. */
export type ActivityReport = {
  /** The time of the report. */
  readonly at: string;
  /** The patron. */
  readonly patron: ReportPatron;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The loans in the given order. */
  readonly loans: readonly ActivityReportLoan[];
  /** Open fees and credits by owning library. */
  readonly libraries: readonly LibraryFees[];
  /** The payment plans on whose fees something is owed. */
  readonly paymentPlans: readonly PlanProgress[];
  /** The balances of the account, decimal strings: the sums over all libraries. */
  readonly balances: ReportBalances & {
    /** What can be paid now. */
    readonly payable: string;
  };
};

const inputSchema = v.object({
  at: instantField,
  patron: v.object({ name: v.string(), barcode: v.exactOptional(v.string()) }),
  loans: v.array(
    v.object({
      title: v.string(),
      barcode: v.exactOptional(v.string()),
      library: v.exactOptional(v.string()),
      dueAt: v.exactOptional(instantField),
    }),
  ),
  libraryNames: v.exactOptional(v.record(v.string(), v.string())),
}) satisfies v.GenericSchema<ActivityReportInput>;

/**
 * Returns a patron's loans and open fees: what Alma's "Send Activity Report" sends.
 *
 * Fees that were transferred to an external billing system are included until they are settled, because the patron
 * still owes them there.
 *
 * @param account - a patron account; of several that were merged, the report shows all fees
 * @param policy - the institution's policy, for labels
 * @param input - the patron, the loans and the time of the report
 * @returns the report as data, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the input in
 * `details.faults`; `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { activityReport } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OVERDUEFINE', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 * ]);
 * const report = activityReport(account, definePolicy({ currency: 'USD' }), {
 *   at,
 *   patron: { name: 'Ada Lovelace' },
 *   loans: [{ title: 'On Numbers', dueAt: '2026-02-28T20:00:00Z' }],
 *   libraryNames: { MAIN: 'Main Library' },
 * });
 * report.loans.map(({ title, overdue }) => [title, overdue]); //=> [['On Numbers', true]]
 * report.libraries.map(({ name, balances }) => [name, balances.active]); //=> [['Main Library', '25.00']]
 * ```
 */
export function activityReport(
  account: PatronAccount | readonly PatronAccount[],
  policy: FeePolicy,
  input: ActivityReportInput,
): ActivityReport {
  const known = definedPolicy(policy);
  const { accounts, currency, write } = viewedAccounts(account, known);
  const { at, patron, loans, libraryNames } = checkedArgument(inputSchema, input, 'input');
  const { active, disputed, transferred, payable } = balancesOfAll(accounts);
  return {
    at,
    patron,
    currency,
    loans: loans.map((loan) => ({
      ...loan,
      overdue: loan.dueAt !== undefined && instantOf(loan.dueAt) < instantOf(at),
    })),
    libraries: Array.from(openByLibrary(accounts), ([library, sources]) => ({
      library,
      name: library === null ? null : codeLabel(libraryNames, library),
      rows: sources.map((source) => rowOf(source, known, write)),
      balances: balancesOf(sources, write),
    })),
    paymentPlans: accounts.flatMap((one) => runningPlans(one, known)),
    balances: {
      active: write(active),
      disputed: write(disputed),
      transferred: write(transferred),
      payable: write(payable),
    },
  };
}

/** Returns what is not closed by owning library, in order of first occurrence. */
function openByLibrary(accounts: readonly PatronAccount[]): ReadonlyMap<string | null, readonly RowSource[]> {
  const libraries = new Map<string | null, RowSource[]>();
  for (const source of accounts.flatMap((account) => [...rowSources(account)])) {
    if (source.status === 'closed') continue;
    const sources = libraries.get(source.owner);
    if (sources === undefined) libraries.set(source.owner, [source]);
    else sources.push(source);
  }
  return libraries;
}

function balancesOf(sources: readonly RowSource[], write: (minor: number) => string): ReportBalances {
  const sums = { open: 0, disputed: 0, transferred: 0 };
  for (const { status, remaining, transferPending } of sources) {
    sums[status === 'disputed' ? 'disputed' : 'open'] += remaining;
    sums.transferred += transferPending;
  }
  return { active: write(sums.open), disputed: write(sums.disputed), transferred: write(sums.transferred) };
}
