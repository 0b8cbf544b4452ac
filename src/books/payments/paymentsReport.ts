import * as v from 'valibot';
import { type Channel, channels } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { fold } from '../../account/fold.js';
import { PatronFeesError } from '../../errors.js';
import { type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { assertStream } from '../../history/loadAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isInstant } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type AccountFinding, otherCurrency, unreadable } from '../../job/accountFinding.js';
import { csvTable } from '../../job/csv.js';
import { type ReportForm, reportFormFields } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import { type DayPeriod, dayPeriodFields, endsAfterBeginning } from '../../job/period.js';
import { type FindingsReport, findingTally } from '../../job/tallies.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { lastColumns, type SealedCsvOptions } from '../../office/seals/sealMark.js';
import type { MethodAmount } from '../../office/till/tillCommands.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import {
  type TillMovement,
  type TillMovementKind,
  tillMovementKinds,
  tillMovements,
} from './tillMovements.js';

/** The columns of a payments report. */
export const paymentsColumns = [
  'day',
  'library',
  'desk',
  'channel',
  'user',
  'tillSession',
  'method',
  'owner',
  'feeType',
] as const;

/**
 * A column of a payments report.
 *
 * - `day`: the library's calendar day.
 * - `library`, `desk`, `channel`: where the money was received or paid out.
 * - `user`: the user who received it or paid it out: the staff member at a desk, the patron online.
 * - `tillSession`: the session of the till through which the money passed.
 * - `method`: the code of the payment method.
 * - `owner`: the library that owns the fee.
 * - `feeType`: the fee's type.
 */
export type PaymentsColumn = (typeof paymentsColumns)[number];

/** The period, columns and filters of a payments report. */
export type PaymentsReportForm = DayPeriod & {
  /** The columns to group by, in this order; day, library, desk, method and fee type if left out. */
  readonly columns?: readonly PaymentsColumn[];
  /**
   * The day that an event counts on: the day it happened, or the day it was recorded; `at` if left out. An event
   * recorded late changes an earlier day by `at`; a day by `recordedAt` never changes once it is over.
   */
  readonly dayOf?: 'at' | 'recordedAt';
  /**
   * Only money that passed the tills of these libraries.
   *
   * @defaultValue every library
   */
  readonly libraries?: readonly string[];
  /**
   * Only money that passed these desks.
   *
   * @defaultValue every desk
   */
  readonly desks?: readonly string[];
  /**
   * Only money that passed through these channels.
   *
   * @defaultValue every channel
   */
  readonly channels?: readonly Channel[];
  /**
   * Only money of these till sessions.
   *
   * @defaultValue every session, and money that passed no till
   */
  readonly tillSessions?: readonly string[];
};

/** The form of a payments report job over a store. */
export type PaymentsReportJobForm = PaymentsReportForm & ReportForm;

/** The form of a list of payments: that of the payments report. */
export type PaymentsListForm = PaymentsReportJobForm & {
  /**
   * Whether waivers and their reversals are lines too, although no money passed a till.
   *
   * @defaultValue false
   */
  readonly waivers?: boolean;
  /**
   * Whether only payments without a numbered receipt are lines; it needs the store of the office.
   *
   * @defaultValue false
   */
  readonly withoutReceipt?: boolean;
};

/** Returns the schema of a list of known columns without repetition. */
function columnsField(known: readonly PaymentsColumn[]) {
  const isEachOnce = (names: PaymentsColumn[]) => new Set(names).size === names.length;
  return v.pipe(v.array(v.picklist(known)), v.check(isEachOnce, 'each column once'));
}

const fields = {
  ...dayPeriodFields,
  columns: v.optional(columnsField(paymentsColumns), ['day', 'library', 'desk', 'method', 'feeType']),
  dayOf: v.optional(v.picklist(['at', 'recordedAt']), 'at'),
  libraries: v.optional(v.array(nameField)),
  desks: v.optional(v.array(nameField)),
  channels: v.optional(v.array(v.picklist(channels))),
  tillSessions: v.optional(v.array(nameField)),
};

const formSchema = v.pipe(plainObject, v.strictObject(fields), endsAfterBeginning());

const jobFields = { ...fields, ...reportFormFields };

const jobFormSchema = v.pipe(plainObject, v.strictObject(jobFields), endsAfterBeginning());

const listFormSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...jobFields,
    waivers: v.optional(v.boolean(), false),
    withoutReceipt: v.optional(v.boolean(), false),
  }),
  endsAfterBeginning(),
);

/** A checked form, with defaults. */
export type CheckedPaymentsForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedPaymentsForm(form: PaymentsReportForm): CheckedPaymentsForm {
  return checkedArgument(formSchema, form, 'form');
}

/** A checked form of a job, with defaults. */
type CheckedPaymentsJobForm = v.InferOutput<typeof jobFormSchema>;

/**
 * Checks the form of a job.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedPaymentsJobForm(form: PaymentsReportJobForm): CheckedPaymentsJobForm {
  return checkedArgument(jobFormSchema, form, 'form');
}

/**
 * Checks the form of a list of payments.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedPaymentsListForm(form: PaymentsListForm) {
  return checkedArgument(listFormSchema, form, 'form');
}

/** The key of a row: one value for each column. */
type TillPlace = readonly (string | null)[];

/** Sums money that passed a till, by place. Keeps only the sums. */
type TillTally = {
  /** Adds minor units. */
  readonly add: (place: TillPlace, kind: TillMovementKind, amount: bigint) => void;
  /** Counts payments at a place. */
  readonly count: (place: TillPlace, payments: number) => void;
  /** Returns the rows, sorted by their columns, null last. */
  readonly rows: () => PaymentsRow[];
  /** Returns the sum of the rows. */
  readonly total: () => PaymentsFigures;
};

type Sums = Record<TillMovementKind, bigint> & { payments: number };

/**
 * Starts a tally.
 *
 * @param columns - the columns of a place's values
 * @param digits - the number of decimals of the currency
 */
export function openTillTally(columns: readonly PaymentsColumn[], digits: number): TillTally {
  // The key is the place as JSON, since a code may contain any separator.
  const cells = new Map<string, { readonly place: TillPlace; readonly sums: Sums }>();
  const total = noSums();
  const sumsAt = (place: TillPlace): Sums => {
    const key = JSON.stringify(place);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { place, sums: noSums() };
      cells.set(key, cell);
    }
    return cell.sums;
  };
  return {
    add: (place, kind, amount) => {
      sumsAt(place)[kind] += amount;
      total[kind] += amount;
    },
    count: (place, payments) => {
      sumsAt(place).payments += payments;
      total.payments += payments;
    },
    rows: () =>
      Array.from(cells.values())
        .sort((a, b) => comparePlaces(a.place, b.place))
        .map(({ place, sums }) => ({
          ...Object.fromEntries(columns.map((column, index) => [column, place[index]])),
          ...figuresOf(sums, digits),
        })),
    total: () => figuresOf(total, digits),
  };
}

function noSums(): Sums {
  return { payments: 0, gross: 0n, reversed: 0n, refunded: 0n, refundsReversed: 0n };
}

function figuresOf(
  { payments, gross, reversed, refunded, refundsReversed }: Sums,
  digits: number,
): PaymentsFigures {
  const write = (minor: bigint) => formatAmount(minor, digits);
  return {
    payments,
    gross: write(gross),
    reversed: write(reversed),
    refunded: write(refunded),
    refundsReversed: write(refundsReversed),
    net: write(gross - reversed - refunded + refundsReversed),
  };
}

/** Compares by the first value that differs, by code unit, since a report must not depend on a locale. */
function comparePlaces(a: TillPlace, b: TillPlace): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  const [one, other] = [a[index], b[index]];
  if (one === other) return 0;
  if (one === null || one === undefined) return 1;
  if (other === null || other === undefined) return -1;
  return one < other ? -1 : 1;
}

/**
 * Money that passed a till. Amounts are decimal strings: `net` is negative if more was paid out than received; the
 * others are never negative.
 */
export type PaymentsFigures = {
  /**
   * The number of payments received. Each counts once: if the payment is split by owner or fee type, in the row of the
   * first fee it was allocated to. So the rows of any grouping sum to the number of payments. Reversals and refunds are
   * not subtracted.
   */
  readonly payments: number;
  /** The sum of the payments. */
  readonly gross: string;
  /** The sum of reversed payments, of the same day or of earlier ones. */
  readonly reversed: string;
  /** The sum of refunded credits. */
  readonly refunded: string;
  /** The sum of reversed refunds. */
  readonly refundsReversed: string;
  /** The net amount: gross - reversed - refunded + refundsReversed. */
  readonly net: string;
};

/** One row of a payments report: its columns and figures. Amounts are decimal strings. */
export type PaymentsRow = PaymentsFigures & {
  /** The library's calendar day, `YYYY-MM-DD`. */
  readonly day?: string;
  /** The library where the money was received or paid out; null if unknown. */
  readonly library?: string | null;
  /** The desk; null without one, as online. */
  readonly desk?: string | null;
  /** The channel; null if unknown. */
  readonly channel?: string | null;
  /** The user who received it or paid it out; null if unknown. */
  readonly user?: string | null;
  /** The session of the till; null if the money passed no till. */
  readonly tillSession?: string | null;
  /** The payment method's code. */
  readonly method?: string;
  /** The library that owns the fee or owes the credit; null without one. */
  readonly owner?: string | null;
  /** The type of the fee; null for overpayments, and for credits without a fee. */
  readonly feeType?: string | null;
};

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
type PaymentsTally = {
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

/**
 * Returns what a till session took by method, for {@link CloseTill}.
 *
 * @param report - a payments report with the columns `tillSession` and `method`
 * @param sessionId - the session
 * @returns payments less reversals less refunds, by method; without methods that sum to nothing and had no payments
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a column is missing in the report
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { tillTakings } from 'patron-fees/office';
 * import { paymentsReport } from 'patron-fees/reports';
 *
 * const form = { timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02', columns: ['tillSession', 'method'] as const };
 * tillTakings(paymentsReport([], definePolicy({ currency: 'USD' }), form), 'CIRC/1'); //=> []
 * ```
 */
export function tillTakings(report: PaymentsReport, sessionId: string): MethodAmount[] {
  const { rows } = groupedPayments(report, ['tillSession', 'method']);
  return rows
    .filter(({ tillSession }) => tillSession === sessionId)
    .map(({ method = '', net }) => ({ method, amount: net }));
}
