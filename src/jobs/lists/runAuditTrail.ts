import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { nameField } from '../../account/fieldSchemas.js';
import { userKey } from '../../account/userKey.js';
import type { EventStore, RecordedEvent, StreamKey } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { type StreamFinding, unreadable } from '../../job/accountFinding.js';
import { type Columns, type CsvOptions, csvText, type Lines } from '../../job/csv.js';
import { everyAccount, type OfficeJobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { type DayPeriod, dayPeriodFields, endsAfterBeginning } from '../../job/period.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import { streamParts } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type AuditLine, type AuditSource, auditLines, officeSources } from './auditLine.js';

/** Which commands an audit trail lists: those recorded on these days. */
export type AuditTrailForm = ReportForm &
  DayPeriod & {
    /**
     * Only commands of these users, compared without case, outer blanks and Unicode form.
     *
     * @defaultValue every user, and commands without a user
     */
    readonly users?: readonly string[];
    /**
     * Only commands with these ids.
     *
     * @defaultValue every command
     */
    readonly commandIds?: readonly string[];
    /**
     * Only commands of these jobs: the job's id is the command's id or its correlation id.
     *
     * @defaultValue every command
     */
    readonly jobIds?: readonly string[];
  };

/** The options of an audit trail. */
export type AuditTrailOptions = OfficeJobOptions & {
  /**
   * Returns the role in which a user acted at a time, for example from the library system: events have no roles.
   *
   * @defaultValue no roles are listed
   */
  readonly roleOf?: (user: string, at: string) => string | null | Promise<string | null>;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...reportFormFields,
    ...dayPeriodFields,
    users: v.optional(v.array(nameField)),
    commandIds: v.optional(v.array(nameField)),
    jobIds: v.optional(v.array(nameField)),
  }),
  endsAfterBeginning(),
);

/**
 * Lists the commands that changed accounts: all of a day, of a user, or of a job; with the store of the office also
 * who opened and closed a till, issued a receipt or recorded a remittance. Account by account, in the order of each
 * account's stream; keeps one account at a time in memory. Refused commands are not recorded.
 *
 * @param stores - the store with the accounts; with that of the office, its commands are listed after the accounts
 * @param policy - the institution's policy; the amounts of the commands may be in other currencies
 * @param form - the institution, the days, and which commands
 * @param options - the roles of users; callbacks for findings and progress; signal; concurrency
 * @returns the commands, then the report; a stream of the office that cannot be read is a finding too
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAuditTrail } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const by = { channel: 'desk', userId: 'ana', library: 'MAIN' } as const;
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', at, by } as const;
 * const policy = definePolicy({ currency: 'USD' });
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const day = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };
 * const form = { ...day, users: ['ana'] };
 * for await (const { patronId, user, commandId, events } of runAuditTrail(store, policy, form)) {
 *   [patronId, user, commandId, events]; //=> ['dverma', 'ana', 'f1', ['FeeAssessed']]
 * }
 * ```
 */
export function runAuditTrail(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: AuditTrailForm,
  options: AuditTrailOptions = {},
): AsyncGenerator<AuditLine, JobReport<StreamFinding>, undefined> {
  const job = openJob(stores, policy, options, {
    form: () => checkedArgument(formSchema, form, 'form'),
    options: { roleOf: v.optional(v.function('a function')) },
    anyCurrency: true,
  });
  const { store, office } = job;
  const { institution, timeZone, from, through, users, commandIds, jobIds } = job.form;
  const dayOf = localDay(timeZone);
  const [wantedUsers, wantedIds] = [users && new Set(users.map(userKey)), commandIds && new Set(commandIds)];
  const jobs = jobIds && new Set(jobIds);
  const isListed = ({ day, user, commandId, correlationId }: AuditLine) =>
    day >= from &&
    day <= through &&
    (wantedUsers === undefined || (user !== null && wantedUsers.has(userKey(user)))) &&
    (wantedIds === undefined || (commandId !== null && wantedIds.has(commandId))) &&
    (jobs === undefined || jobs.has(commandId ?? '') || jobs.has(correlationId ?? ''));
  /** Yields the accounts, then the streams of the office, page by page. */
  async function* tasks(): AsyncGenerator<Task> {
    for await (const stream of job.accounts()) {
      const read = async () => (await store.read(stream)).events;
      yield { stream, source: { ...stream, source: 'account', office: null }, read };
    }
    if (office === undefined) return;
    for await (const stream of everyAccount(office, institution, options.shard)) {
      const parts = streamParts(stream);
      const kind = parts && officeSources[parts.kind];
      if (!kind) continue;
      const source = { source: kind, institution, patronId: null, office: parts.name };
      const { version } = await office.read(stream, { after: Number.MAX_SAFE_INTEGER });
      for (let after = 0; after < version; after += PAGE_SIZE) {
        const read = async () => (await office.read(stream, { after, limit: PAGE_SIZE })).events;
        yield { stream, source, read };
      }
    }
  }
  const { roleOf } = options;
  const withRole = async (line: AuditLine): Promise<AuditLine> =>
    line.user === null ? line : { ...line, role: (await roleOf?.(line.user, line.at)) ?? null };
  const work = async ({ stream, source, read }: Task) => {
    try {
      const lines = auditLines(source, await read(), dayOf).filter(isListed);
      return roleOf === undefined ? lines : await Promise.all(lines.map(withRole));
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  return job.listing(() => job.each(tasks(), work));
}

/** An account, or a page of a stream of the office. */
type Task = {
  readonly stream: StreamKey;
  readonly source: AuditSource;
  readonly read: () => Promise<readonly RecordedEvent<AccountEvent | OfficeEvent>[]>;
};

/** The number of events of the office read at a time: a series of receipts may have millions. */
const PAGE_SIZE = 1_000;

const columns: Columns<AuditLine> = [
  'day',
  'recordedAt',
  'at',
  'source',
  'institution',
  'patronId',
  'office',
  'version',
  'commandId',
  { name: 'events', cellOf: ({ events }) => events.join(' ') },
  'user',
  'role',
  'approvedBy',
  'approvedUpTo',
  'channel',
  'library',
  'desk',
  'tillSession',
  'reason',
  'amount',
  'currency',
  'correlationId',
];

/**
 * Formats an audit trail as CSV, line by line: a header, then one line for each command, its events joined by blanks.
 *
 * @param lines - the lines of {@link runAuditTrail}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { auditTrailCsv } from 'patron-fees/reports';
 *
 * for await (const piece of auditTrailCsv([])) piece.split(',').slice(3, 6); //=> ['source', 'institution', 'patronId']
 * ```
 */
export function auditTrailCsv<Report>(
  lines: Lines<AuditLine, Report>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  return csvText(lines, columns, options);
}
