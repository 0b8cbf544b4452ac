import * as v from 'valibot';
import { declaredTakings } from '../../books/payments/declaredTakings.js';
import {
  checkedPaymentsForm,
  movementsOf,
  type PaymentsReportForm,
  paymentsTally,
} from '../../books/payments/paymentsReport.js';
import type { EventStore, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type StreamFinding, unreadable } from '../../job/accountFinding.js';
import { everyAccount, type JobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { type DayPeriod, dayPeriodFields, endsAfterBeginning } from '../../job/period.js';
import type { FindingOptions } from '../../job/tallies.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import { foldedStream } from '../../office/officeStream.js';
import { nameOfKind } from '../../office/streamKinds.js';
import { foldTill, type TillSession } from '../../office/till/till.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type TillIndex, tillField } from './runPaymentsReport.js';
import {
  lateTakings,
  rowsOfSession,
  type TakingsFinding,
  type TillReportRow,
  type TillSessionUnknown,
  takingsFindings,
  unknownSession,
} from './tillReportRow.js';

/** The form of a till report: the institution, and the days of the sessions. */
export type TillReportForm = ReportForm &
  DayPeriod & {
    /**
     * Which sessions are listed: those that were opened on the days, or those whose opening or closing was recorded on
     * them. By `recordedAt` every closing is in the report of the month in which it was recorded, and a session that is
     * open at its end in those of both.
     *
     * @defaultValue `'at'`
     */
    readonly dayOf?: 'at' | 'recordedAt';
  };

/** A finding of {@link runTillReport}. */
export type TillReportFinding = StreamFinding | TillSessionUnknown | TakingsFinding;

/** How a report on tills runs. It has no shard: a session has payments of all accounts. */
export type TillReportOptions = Omit<JobOptions, 'shard'> &
  FindingOptions<TillReportFinding> & {
    /**
     * The index of a table of accounts, `tillIndex` of PostgreSQL or SQLite: only accounts with payments or refunds
     * recorded since the first day are read.
     *
     * @defaultValue all accounts are read
     */
    readonly till?: TillIndex;
  };

/**
 * The sessions of an institution's tills. The money of accounts, and the sessions of tills, with a finding are missing.
 */
export type TillReport = JobReport<TillReportFinding> & {
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
    /** What was recorded before the takings were read, and is not declared. */
    readonly undeclared: string;
  };
  /** The session ids that more than one till has: their payments cannot be distinguished. */
  readonly repeatedSessions: readonly string[];
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...reportFormFields,
    ...dayPeriodFields,
    dayOf: v.optional(v.picklist(['at', 'recordedAt']), 'at'),
  }),
  endsAfterBeginning(),
);

/**
 * Reports the till sessions of a period beside what is now recorded for them: float, takings, count,
 * over or short, deposit, and money that was recorded for a session after it was closed. Money that was taken in the
 * period for a session that no till has is a finding, and so are takings that a closing does not declare
 * ({@link TakingsFinding}), for the methods of the policy's `tillMethods`.
 *
 * Money may be recorded for a session on any later day: without a till index, all accounts are read.
 *
 * Keeps one row for each session and method of the period in memory.
 *
 * @param stores - the store with the accounts, and the one with the events of tills
 * @param policy - the institution's policy
 * @param form - the institution and the period
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents, runTillReport } from 'patron-fees/office';
 *
 * const now = () => '2026-03-02T14:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-01', through: '2026-03-31' };
 * (await runTillReport(stores, definePolicy({ currency: 'USD' }), form)).total.difference; //=> '0.00'
 * ```
 */
export async function runTillReport(
  stores: {
    /** The store with the events of the accounts. */
    readonly accounts: EventStore;
    /** The store with the events of tills, opened with the codec `officeEvents`. */
    readonly office: OfficeStore;
  },
  policy: FeePolicy,
  form: TillReportForm,
  options: TillReportOptions = {},
): Promise<TillReport> {
  const job = openJob<v.InferOutput<typeof formSchema>, EventStore, OfficeStore, TillReportFinding>(
    stores,
    policy,
    options,
    {
      form: () => checkedArgument(formSchema, form, 'form'),
      options: {
        till: tillField,
        // The payments of a session are in accounts of every shard.
        shard: v.optional(v.undefined('no shard: a session has payments of all')),
      },
      needsOffice: true,
    },
  );
  const { store, currency, digits } = job;
  const office = job.office as OfficeStore;
  const { institution, timeZone, from, through } = job.form;
  const dayOf = localDay(timeZone);
  const sessions: ListedSession[] = [];
  // A session of another day may have the same id.
  const uses = new Map<string, number>();
  const isListed = ({ session, recordedAt }: ListedSession) =>
    (job.form.dayOf === 'at' ? [session.openedAt] : recordedAt)
      .map(dayOf)
      .some((day) => day >= from && day <= through);
  const readTills = async () => {
    for await (const stream of everyAccount(office, institution)) {
      const till = nameOfKind('till', stream);
      if (till === null) continue;
      try {
        const { events } = await office.read(stream);
        const ofTill = foldedStream(stream, () => foldTill(events.map(({ event }) => event as TillEvent)));
        const recordedAt = recordedTimes(events);
        const isOwn = ofTill.currency === null || ofTill.currency === currency;
        if (!isOwn) {
          const message = `the till is in ${ofTill.currency}, the policy in ${currency}`;
          await job.found({ ...stream, code: 'OTHER_CURRENCY', message });
        }
        for (const session of ofTill.sessions) {
          const { sessionId } = session;
          uses.set(sessionId, (uses.get(sessionId) ?? 0) + 1);
          if (isOwn)
            sessions.push({ till, session, recordedAt: recordedAt.get(sessionId) as readonly string[] });
        }
      } catch (error) {
        await job.found(unreadable(stream, error));
      }
    }
    sessions.sort((a, b) => (a.till < b.till ? -1 : Number(a.till > b.till)));
  };
  const always = { from: '0001-01-01', through: '9999-12-31' };
  const tallyOf = (which: Omit<PaymentsReportForm, 'timeZone'>) =>
    paymentsTally(
      job.policy,
      checkedPaymentsForm({ timeZone, columns: ['tillSession', 'method'], ...which }),
    );
  let ofSessions = tallyOf({ ...always, tillSessions: [] });
  const ofPeriod = tallyOf({ from, through, dayOf: job.form.dayOf });
  const { tillMethods } = job.policy;
  let declared = declaredTakings([]);
  const addFindings = async () => {
    for (const { till, session } of sessions.filter(isListed))
      for (const finding of takingsFindings(till, session, declared.of(session), digits))
        await job.found(finding);
    for (const row of ofPeriod.result().rows) {
      const unknown = unknownSession(row, uses);
      if (unknown !== null) await job.found(unknown);
      if (job.form.dayOf === 'at' || tillMethods?.includes(row.method as string) === false) continue;
      const ofRow = sessions.filter(({ session }) => session.sessionId === row.tillSession);
      const [one] = ofRow;
      const late =
        ofRow.length > 1 || one === undefined || isListed(one)
          ? null
          : lateTakings(one.till, one.session, row, digits);
      if (late !== null) await job.found(late);
    }
  };
  const readAccounts = (listed: readonly ListedSession[]) => {
    // No zone is further than a day away from UTC, and nothing is recorded for a session before it; it may name another
    // time.
    const begun = listed.flatMap(({ session, recordedAt }) => [session.openedAt, ...recordedAt]);
    const [first = from] = [from, ...begun.map(dayOf)].sort();
    const since = new Date(Date.parse(`${first}T00:00:00Z`) - DAY_MS).toISOString();
    const period = { from: since, before: FAR_FUTURE, by: 'recordedAt' } as const;
    return options.till?.accounts(institution, period) ?? job.accounts();
  };
  const read = async (stream: StreamId) => ({ ...stream, events: (await store.read(stream)).events });
  const sum = (rows: readonly TillReportRow[], column: keyof TillReport['total']) =>
    formatAmount(
      rows.reduce((total, row) => total + minorUnits(row[column] ?? '0'), 0n),
      digits,
    );
  return job.working(
    async () => {
      await readTills();
      const listed = sessions.filter(isListed);
      const ids = new Set(listed.map(({ session }) => session.sessionId));
      ofSessions = tallyOf({ ...always, tillSessions: [...ids] });
      declared = declaredTakings(
        closings(listed.filter(({ session }) => uses.get(session.sessionId) === 1)),
        tillMethods,
      );
      for await (const history of job.eachAccount(read, readAccounts(listed))) {
        const movements = movementsOf(history, currency);
        if ('code' in movements) {
          await job.found(movements);
          continue;
        }
        ofPeriod.addMovements(movements);
        ofSessions.addMovements(movements);
        declared.add(movements);
      }
      await addFindings();
    },
    () => {
      const listed = sessions.filter(isListed);
      const taken = ofSessions.result().rows;
      const rows = listed.flatMap(({ till, session }) => {
        const ofSession = taken.filter(({ tillSession }) => tillSession === session.sessionId);
        return rowsOfSession(till, session, ofSession, declared.of(session), digits);
      });
      return {
        currency,
        rows,
        total: {
          takings: sum(rows, 'takings'),
          difference: sum(rows, 'difference'),
          deposit: sum(rows, 'deposit'),
          recordedLater: sum(rows, 'recordedLater'),
          undeclared: sum(rows, 'undeclared'),
        },
        repeatedSessions: [...new Set(listed.map(({ session }) => session.sessionId))].filter(
          (id) => (uses.get(id) as number) > 1,
        ),
      };
    },
  );
}

/** A session, and when its opening and its closing were recorded. */
type ListedSession = {
  readonly till: string;
  readonly session: TillSession;
  readonly recordedAt: readonly string[];
};

/** Returns the sessions that are closed, with the time at which that was recorded. */
function closings(listed: readonly ListedSession[]) {
  return listed.flatMap(({ session, recordedAt: [, closedAt] }) =>
    closedAt === undefined ? [] : [{ session, closedAt }],
  );
}

/** Returns when the opening and the closing of each session of a till were recorded. */
function recordedTimes(
  events: readonly RecordedEvent<OfficeEvent>[],
): ReadonlyMap<string, readonly string[]> {
  const times = new Map<string, string[]>();
  for (const { event, recordedAt } of events) {
    if (event.type === 'TillOpened') times.set(event.data.sessionId, [recordedAt]);
    if (event.type === 'TillClosed') times.get(event.data.sessionId)?.push(recordedAt);
  }
  return times;
}

const FAR_FUTURE = '9999-12-31T23:59:59Z';
