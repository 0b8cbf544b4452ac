import { fold } from '../../account/fold.js';
import { PatronFeesError } from '../../errors.js';
import { type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { assertStream } from '../../history/loadAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isInstant } from '../../input/instant.js';
import { type AccountFinding, otherCurrency, unreadable } from '../../job/accountFinding.js';
import { csvTable } from '../../job/csv.js';
import { localDay } from '../../job/localDay.js';
import { type FindingsReport, findingTally } from '../../job/tallies.js';
import { digitsOf } from '../../money/currency.js';
import { minorUnits } from '../../money/money.js';
import { lastColumns, type SealedCsvOptions } from '../../office/seals/sealMark.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import {
  type CheckedPaymentsForm,
  checkedPaymentsForm,
  columnsField,
  type PaymentsColumn,
  type PaymentsReportForm,
} from './paymentsReportForm.js';
import { type TillMovement, tillMovementKinds, tillMovements } from './tillMovements.js';
import { openTillTally, type PaymentsFigures, type PaymentsRow, type TillPlace } from './tillTally.js';

/** The money that passed the tills of an institution in a period. */
export type PaymentsReport = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The time zone of the days. */
  readonly timeZone: string;
  /** The first day. */
  readonly from: string;
  /** The last day, inclusive. */
  readonly through: string;
  /** The columns that the rows are grouped by. */
  readonly columns: readonly PaymentsColumn[];
  /** One row for each combination that occurred, sorted by its columns, null last. */
  readonly rows: readonly PaymentsRow[];
  /** The sum of the rows. */
  readonly total: PaymentsFigures;
  /** The number of accounts; a job counts those that had events by the last day, the unreadable ones included. */
  readonly accounts: number;
  /** The accounts that could not be read, and why. Their money is missing. */
  readonly findings: FindingsReport<AccountFinding>;
};

/** The history of one account. */
export type AccountHistory = StreamId & {
  /** Its events, from the first one. */
  readonly events: readonly RecordedEvent[];
};

/**
 * Reports the money that passed the tills in a period: payments, reversals, refunds and the net amount, by day, desk,
 * method and so on.
 *
 * Each payment is split by the fees it paid, so every grouping has the same total, to the cent. Money counts once, when
 * and where it moved: a payment that bounces a week later at another desk counts on that day and at that desk. The
 * later use of a credit moves no money and is excluded, and so are payments to external systems.
 *
 * @param accounts - the histories of accounts
 * @param policy - the institution's policy, for the currency
 * @param form - the period and the columns
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form in
 * `details.faults`, or for an incomplete history; `INVALID_POLICY` for an invalid policy
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { paymentsReport } from 'patron-fees/reports';
 *
 * const at = '2026-03-03T04:30:00Z';
 * const payment = { paymentId: 'p1', amount: '5.00', currency: 'USD', method: 'CASH', allocations: [], at };
 * const overpayment = { creditId: 'p1#1', amount: '5.00' };
 * const event = { type: 'PaymentReceived' as const, data: { ...payment, overpayment } };
 * const history = { institution: 'north', patronId: 'dverma', events: [{ version: 1, recordedAt: at, event }] };
 *
 * const report = paymentsReport([history], definePolicy({ currency: 'USD' }), {
 *   timeZone: 'America/New_York',
 *   from: '2026-03-01',
 *   through: '2026-03-31',
 *   columns: ['day', 'method'],
 * });
 * report.rows.map(({ day, method, net }) => [day, method, net]); //=> [['2026-03-02', 'CASH', '5.00']]
 * [report.total.payments, report.total.net]; //=> [1, '5.00']
 * ```
 */
export function paymentsReport(
  accounts: Iterable<AccountHistory>,
  policy: FeePolicy,
  form: PaymentsReportForm,
): PaymentsReport {
  const tally = paymentsTally(definedPolicy(policy), checkedPaymentsForm(form));
  if (typeof accounts?.[Symbol.iterator] !== 'function') {
    throw new PatronFeesError('INVALID_ARGUMENT', 'accounts: expected a list of histories');
  }
  let index = 0;
  for (const account of accounts) {
    assertStream(account?.events, `accounts[${index}].events`);
    tally.add(account);
    index += 1;
  }
  return tally.result();
}

/** Sums money that passed the tills. Keeps only the sums, not the accounts. */
export type PaymentsTally = {
  /** Adds an account or a finding. Returns the finding of an account that cannot be added. */
  readonly add: (account: AccountHistory | AccountFinding) => AccountFinding | null;
  /** Adds the movements of an account. */
  readonly addMovements: (movements: readonly TillMovement[]) => void;
  /** Returns the report so far. */
  readonly result: () => PaymentsReport;
};

/** Starts a tally, for a checked policy and form. */
export function paymentsTally({ currency }: FeePolicy, form: CheckedPaymentsForm): PaymentsTally {
  const { timeZone, from, through, columns } = form;
  const tally = openTillTally(columns, digitsOf(currency));
  const placeOf = rowFinder(form);
  const findings = findingTally<AccountFinding>();
  let accounts = 0;
  const addMovements = (movements: readonly TillMovement[]) => {
    for (const movement of movements) {
      const place = placeOf(movement);
      if (place === null) continue;
      tally.add(place, movement.kind, BigInt(movement.amount));
      if (movement.startsPayment) tally.count(place, 1);
    }
  };
  return {
    addMovements,
    add: (account) => {
      accounts += 1;
      const movements = 'events' in account ? movementsOf(account, currency) : account;
      if ('code' in movements) {
        findings.add(movements);
        return movements;
      }
      addMovements(movements);
      return null;
    },
    result: () => ({
      currency,
      timeZone,
      from,
      through,
      columns,
      rows: tally.rows(),
      total: tally.total(),
      accounts,
      findings: findings.result(),
    }),
  };
}

/** Returns the movements of an account, or the finding that prevents it. */
export function movementsOf(
  history: AccountHistory,
  currency: string,
): readonly TillMovement[] | AccountFinding {
  try {
    const events = history.events.map(({ event }) => event);
    const account = fold(events, undefined, { stream: streamName(history) });
    const finding = otherCurrency(history, account.currency, currency);
    return finding ?? tillMovements(history.events, account).map((movement) => dated(movement));
  } catch (error) {
    return unreadable(history, error);
  }
}

/** Folding does not need a valid time, but the day of a movement does. */
export function dated<Movement extends Pick<TillMovement, 'at' | 'recordedAt'>>(
  movement: Movement,
): Movement {
  const odd = [movement.at, movement.recordedAt].find((time) => !isInstant(time));
  if (odd === undefined) return movement;
  throw new PatronFeesError('INVALID_EVENT', `expected an ISO 8601 date and time with a zone, found ${odd}`);
}

/** Returns a function that returns the row of a movement, or null if the report excludes it. */
export function rowFinder(
  form: CheckedPaymentsForm,
): (
  movement: Omit<TillMovement, 'kind' | 'method' | 'startsPayment'> & { readonly method: string | null },
) => TillPlace | null {
  const { from, through, columns, dayOf, libraries, desks, channels, tillSessions } = form;
  const dayAt = localDay(form.timeZone);
  const filter = (wanted: readonly string[] | undefined) => {
    const set = new Set(wanted);
    return (found: string | null) => wanted === undefined || (found !== null && set.has(found));
  };
  const [inLibraries, atDesks, byChannels] = [filter(libraries), filter(desks), filter(channels)];
  const inSessions = filter(tillSessions);
  return (movement) => {
    const { library = null, desk = null, channel = null, userId: user = null } = movement.by ?? {};
    const { tillSession = null } = movement.by ?? {};
    if (!inSessions(tillSession)) return null;
    if (!inLibraries(library) || !atDesks(desk) || !byChannels(channel)) return null;
    const day = dayAt(movement[dayOf]);
    if (day < from || day > through) return null;
    const { method, owner, feeType } = movement;
    const values = { day, library, desk, channel, user, tillSession, method, owner, feeType };
    return columns.map((column) => values[column]);
  };
}

/**
 * Groups a report by fewer columns, e.g. by method only or by day only. The total and the number of payments stay the
 * same.
 *
 * @param report - a payments report
 * @param columns - columns of the report, in the wanted order
 * @returns a report with these columns
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a column that the report does not
 * have, or a repeated one
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { groupedPayments, paymentsReport } from 'patron-fees/reports';
 *
 * const form = { timeZone: 'America/New_York', from: '2026-03-01', through: '2026-03-31' };
 * const report = paymentsReport([], definePolicy({ currency: 'USD' }), form);
 * groupedPayments(report, ['method']).total.net; //=> '0.00'
 * groupedPayments(report, ['owner']); //=> throws INVALID_ARGUMENT
 * ```
 */
export function groupedPayments(report: PaymentsReport, columns: readonly PaymentsColumn[]): PaymentsReport {
  const chosen = checkedArgument(columnsField(report.columns), columns, 'columns');
  const tally = openTillTally(chosen, digitsOf(report.currency));
  for (const row of report.rows) {
    const place = chosen.map((column) => row[column] as string | null);
    for (const kind of tillMovementKinds) tally.add(place, kind, minorUnits(row[kind]));
    tally.count(place, row.payments);
  }
  return { ...report, columns: chosen, rows: tally.rows() };
}

const figures = ['payments', 'gross', 'reversed', 'refunded', 'refundsReversed', 'net'] as const;

/**
 * Formats a payments report as CSV: a header, then one line for each row. Missing values (the desk of an online
 * payment) are empty cells. There is no line for the total, since a program that sums the lines would count it twice.
 *
 * @param report - a payments report
 * @param options - the format of ids and codes; the seal of the month, named in a last column
 * @returns the file's text, with line ends as in RFC 4180
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @columns those that the form groups by, if left out `day` (YYYY-MM-DD), `library`, `desk`, `method`, `feeType`;
 * `payments`, a number; `gross`, `reversed`, `refunded`, `refundsReversed`, `net`, amounts in whole currency units,
 * such as 12.50; `currency`, an ISO 4217 code; in the file of a sealed month `seal`, its number and total
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { paymentsReport, paymentsReportCsv } from 'patron-fees/reports';
 *
 * const form = { timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', columns: ['day', 'method'] as const };
 * paymentsReportCsv(paymentsReport([], definePolicy({ currency: 'USD' }), form));
 * //=> 'day,method,payments,gross,reversed,refunded,refundsReversed,net,currency\r\n'
 * ```
 */
export function paymentsReportCsv(
  { columns, rows, currency }: PaymentsReport,
  { seal, ...options }: SealedCsvOptions = {},
): string {
  const { head, format } = csvTable<PaymentsRow>(
    [...columns, ...figures, ...lastColumns(currency, seal)],
    options,
  );
  return head + format(rows);
}
