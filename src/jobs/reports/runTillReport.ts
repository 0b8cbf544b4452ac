import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { groupedPayments, type PaymentsReport } from '../../books/payments/paymentsReport.js';
import type { PaymentsRow } from '../../books/payments/tillTally.js';
import type { EventStore } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { checkedJobOptions, everyAccount, type JobOptions } from '../../job/job.js';
import { type JobReport, jobHead, type OrderedForm, orderedFormFields } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import { tillOfStream } from '../../office/officeEvents.js';
import { loadTill } from '../../office/till/executeTill.js';
import { minorOf, type TillSession } from '../../office/till/till.js';
import type { MethodAmount } from '../../office/till/tillCommands.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { runPaymentsReport } from './runPaymentsReport.js';

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
 * import { paymentsReport, tillTakings } from 'patron-fees/institution';
 *
 * const form = { timeZone: 'UTC', from: '2026-03-02', to: '2026-03-02', by: ['tillSession', 'method'] as const };
 * tillTakings(paymentsReport([], definePolicy({ currency: 'USD' }), form), 'CIRC/1'); //=> []
 * ```
 */
export function tillTakings(report: PaymentsReport, sessionId: string): MethodAmount[] {
  const { rows } = groupedPayments(report, ['tillSession', 'method']);
  return rows
    .filter(({ tillSession }) => tillSession === sessionId)
    .map(({ method = '', net }) => ({ method, amount: net }));
}

/** The form of a till report. */
export type TillReportForm = OrderedForm & {
  /** The institution. */
  readonly institution: string;
  /** The time zone of the days, an IANA name. */
  readonly timeZone: string;
  /** The first day on which sessions were opened, `YYYY-MM-DD`. */
  readonly from: string;
  /** The last day on which sessions were opened, inclusive. */
  readonly to: string;
};

/** One method of one session. Amounts are decimal strings; those of the count are null while the till is open. */
export type TillReportRow = {
  /** The till. */
  readonly till: string;
  /** The session. */
  readonly sessionId: string;
  /** When the till was opened. */
  readonly openedAt: string;
  /** Who opened it. */
  readonly openedBy: string;
  /** When it was closed; null while it is open. */
  readonly closedAt: string | null;
  /** Who closed it; null while it is open. */
  readonly closedBy: string | null;
  /** The payment method. */
  readonly method: string;
  /** The float, for the method of the float; else zero. */
  readonly float: string;
  /** The money put in less the money taken out during the session, for the method of the float; else zero. */
  readonly moved: string;
  /** The number of payments that are now recorded for the session, by this method. */
  readonly payments: number;
  /** What is now recorded for the session by this method. */
  readonly takings: string;
  /** takings less those that were known at the close: money recorded for the session after it was closed. */
  readonly recordedLater: string | null;
  /** What was expected at the close. */
  readonly expected: string | null;
  /** What was counted. */
  readonly counted: string | null;
  /** counted - expected: over if above 0, short if below. */
  readonly difference: string | null;
  /** The deposit. */
  readonly deposit: string | null;
  /** The reference of the deposit. */
  readonly depositReference: string | null;
};

/** How a report on tills runs. It has no shard: a session has payments of all accounts. */
export type TillReportOptions = Omit<JobOptions, 'shard'>;

/** The sessions of an institution's tills. */
export type TillReport = JobReport & {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** One row for each session and method: by till, then in the order of the sessions. */
  readonly rows: readonly TillReportRow[];
  /** The sums over all rows, decimal strings. */
  readonly total: {
    /** The takings now recorded. */
    readonly takings: string;
    /** The sum of what was over and short. */
    readonly difference: string;
    /** The deposits. */
    readonly deposit: string;
    /** The money recorded for sessions after they were closed. */
    readonly recordedLater: string;
  };
  /** The session ids that more than one till has: their payments cannot be distinguished. */
  readonly repeatedSessions: readonly string[];
  /** The number of accounts that could not be read: their money is missing. */
  readonly findings: number;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...orderedFormFields,
    institution: nameField,
    timeZone: timeZoneField,
    from: dateField,
    to: dateField,
  }),
  v.check(({ from, to }) => from <= to, 'from to be no later than to'),
);

/**
 * Reports the till sessions that were opened in a period beside what is now recorded for them: float, takings, count,
 * over or short, deposit, and money that was recorded for a session after it was closed.
 *
 * Keeps one row for each session and method of the period in memory.
 *
 * @param stores - the store with the accounts, and the one with the events of tills
 * @param policy - the institution's policy
 * @param form - the institution and the period
 * @param options - signal, progress, concurrency
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; `CORRUPT_HISTORY` if
 * the events of a till do not fold; the signal's reason; errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents, runTillReport } from 'patron-fees/institution';
 *
 * const now = () => '2026-03-02T14:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-01', to: '2026-03-31' };
 * (await runTillReport(stores, definePolicy({ currency: 'USD' }), form)).total.difference; //=> '0.00'
 * ```
 */
export async function runTillReport(
  stores: {
    /** The store with the events of the accounts. */
    readonly accounts: EventStore;
    /** The store with the events of tills, opened with the codec `officeEvents`. */
    readonly office: EventStore<OfficeEvent>;
  },
  policy: FeePolicy,
  form: TillReportForm,
  options: TillReportOptions = {},
): Promise<TillReport> {
  const rules = definedPolicy(policy);
  const { institution, timeZone, from, to, job } = checkedArgument(formSchema, form, 'form');
  // The payments of a session are in accounts of every shard.
  checkedJobOptions(options, { shard: v.optional(v.undefined('no shard: a session has payments of all')) });
  const dayOf = localDay(timeZone);
  const sessions: { readonly till: string; readonly session: TillSession }[] = [];
  // A session of another day may have the same id.
  const uses = new Map<string, number>();
  for await (const stream of everyAccount(stores.office, institution)) {
    const till = tillOfStream(stream);
    if (till === null) continue;
    for (const session of (await loadTill(stores.office, { institution, till })).sessions) {
      uses.set(session.sessionId, (uses.get(session.sessionId) ?? 0) + 1);
      const day = dayOf(session.openedAt);
      if (day >= from && day <= to) sessions.push({ till, session });
    }
  }
  sessions.sort((a, b) => (a.till < b.till ? -1 : a.till > b.till ? 1 : 0));
  const ids = [...new Set(sessions.map(({ session }) => session.sessionId))];
  const always = { timeZone, from: '0001-01-01', to: '9999-12-31' };
  const report = await runPaymentsReport(
    stores.accounts,
    rules,
    { institution, ...always, by: ['tillSession', 'method'], tillSessions: ids },
    options,
  );
  const digits = minorDigits(rules.currency) as number;
  const taken = new Map<string, PaymentsRow[]>();
  for (const row of report.rows) {
    const sessionId = row.tillSession as string;
    taken.set(sessionId, [...(taken.get(sessionId) ?? []), row]);
  }
  const rows = sessions.flatMap(({ till, session }) =>
    rowsOf(till, session, taken.get(session.sessionId) ?? [], digits),
  );
  const sum = (amounts: readonly (string | null)[]) =>
    formatAmount(
      amounts.reduce((total, amount) => total + (amount === null ? 0n : minorOf(amount)), 0n),
      digits,
    );
  return {
    job: jobHead({ ...job, institution }, rules.currency),
    currency: rules.currency,
    rows,
    total: {
      takings: sum(rows.map(({ takings }) => takings)),
      difference: sum(rows.map(({ difference }) => difference)),
      deposit: sum(rows.map(({ deposit }) => deposit)),
      recordedLater: sum(rows.map(({ recordedLater }) => recordedLater)),
    },
    repeatedSessions: ids.filter((id) => (uses.get(id) as number) > 1),
    findings: report.findings.count,
  };
}

function rowsOf(
  till: string,
  session: TillSession,
  taken: readonly PaymentsRow[],
  digits: number,
): TillReportRow[] {
  const { closing, floatMethod } = session;
  const counts = closing?.counts ?? [];
  const methods = new Set([
    floatMethod,
    ...counts.map(({ method }) => method),
    ...taken.map(({ method }) => method as string),
  ]);
  const zero = formatAmount(0, digits);
  return Array.from(methods, (method) => {
    const now = taken.find((row) => row.method === method);
    const count = counts.find((one) => one.method === method);
    const isDrawer = method === floatMethod;
    const takings = now?.net ?? zero;
    const known = minorOf(count?.takings ?? zero);
    return {
      till,
      sessionId: session.sessionId,
      openedAt: session.openedAt,
      openedBy: session.openedBy.userId,
      closedAt: closing?.closedAt ?? null,
      closedBy: closing?.closedBy.userId ?? null,
      method,
      float: isDrawer ? session.float : zero,
      moved: isDrawer ? formatAmount(minorOf(session.movedIn) - minorOf(session.movedOut), digits) : zero,
      payments: now?.payments ?? 0,
      takings,
      recordedLater: closing === null ? null : formatAmount(minorOf(takings) - known, digits),
      expected: count?.expected ?? null,
      counted: count?.counted ?? null,
      difference: count?.difference ?? null,
      deposit: count?.deposit ?? null,
      depositReference: closing?.depositReference ?? null,
    };
  });
}
