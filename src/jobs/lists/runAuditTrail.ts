import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { nameField } from '../../account/fieldSchemas.js';
import type { EventStore, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { type AccountFinding, unreadable } from '../../job/accountFinding.js';
import { type CsvOptions, checkedCsvOptions, csvLines } from '../../job/csv.js';
import { type AccountJobOptions, checkedJobOptions, everyAccount, runJob } from '../../job/job.js';
import { type JobReport, jobHead, type OrderedForm, orderedFormFields } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import type { Shard } from '../../job/shard.js';
import { onFindingField } from '../../job/tallies.js';
import { type OfficeEvent, officeField, officeStreamParts } from '../../office/officeEvents.js';
import { type AuditLine, type AuditSource, auditLines } from './auditLine.js';

/** Which commands an audit trail lists. */
export type AuditTrailForm = OrderedForm & {
  /** The institution of the accounts. */
  readonly institution: string;
  /** The time zone of the days, an IANA name. */
  readonly timeZone: string;
  /** The first day on which commands were recorded, `YYYY-MM-DD`. */
  readonly from: string;
  /** The last day, inclusive. */
  readonly to: string;
  /**
   * Only commands of these users.
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

/** What an audit trail lists besides the patron accounts, and how its job runs. */
export type AuditTrailOptions = AccountJobOptions & {
  /**
   * The store with the events of tills, receipts and remittances, opened with the codec `officeEvents`: who opened and
   * closed a till, issued a receipt or booked a remittance is listed too, after the accounts.
   *
   * @defaultValue patron accounts only
   */
  readonly office?: EventStore<OfficeEvent>;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...orderedFormFields,
    institution: nameField,
    timeZone: timeZoneField,
    from: dateField,
    to: dateField,
    users: v.optional(v.array(nameField)),
    commandIds: v.optional(v.array(nameField)),
    jobIds: v.optional(v.array(nameField)),
  }),
  v.check(({ from, to }) => from <= to, 'from to be no later than to'),
);

/**
 * Lists the commands that changed accounts: all of a day, of a user, or of a job; with the store of the office, also
 * those of tills, receipts and remittances. Account by account, in the order of each account's stream; keeps one account
 * at a time in memory. Refused commands are not recorded.
 *
 * @param store - the store with the events
 * @param form - the institution, the days, and which commands
 * @param options - the store of the office; callbacks for findings and progress; signal; concurrency
 * @returns the commands, then who ordered the job; an account that cannot be read is left out, and `onFinding` is called
 * with it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options in `details.faults`; the signal's reason once it is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAuditTrail } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const by = { channel: 'desk', userId: 'ana', library: 'MAIN' } as const;
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', at, by } as const;
 * await execute(store, definePolicy({ currency: 'USD' }), { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const day = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', to: '2026-03-02' };
 * for await (const { patronId, user, commandId, events } of runAuditTrail(store, { ...day, users: ['ana'] })) {
 *   [patronId, user, commandId, events]; //=> ['dverma', 'ana', 'f1', ['FeeAssessed']]
 * }
 * ```
 */
export async function* runAuditTrail(
  store: EventStore,
  form: AuditTrailForm,
  options: AuditTrailOptions = {},
): AsyncGenerator<AuditLine, JobReport, undefined> {
  const { institution, timeZone, from, to, users, commandIds, jobIds, job } = checkedArgument(
    formSchema,
    form,
    'form',
  );
  checkedJobOptions(options, { onFinding: onFindingField, office: officeField });
  const { office, onFinding, ...jobOptions } = options;
  const dayOf = localDay(timeZone);
  const [wantedUsers, wantedIds] = [users && new Set(users), commandIds && new Set(commandIds)];
  const jobs = jobIds && new Set(jobIds);
  const isListed = ({ day, user, commandId, correlationId }: AuditLine) =>
    day >= from &&
    day <= to &&
    (wantedUsers === undefined || (user !== null && wantedUsers.has(user))) &&
    (wantedIds === undefined || (commandId !== null && wantedIds.has(commandId))) &&
    (jobs === undefined || jobs.has(commandId ?? '') || jobs.has(correlationId ?? ''));
  const work = async (task: Task): Promise<readonly AuditLine[] | AccountFinding> => {
    try {
      return auditLines(task.source, await task.read(), dayOf).filter(isListed);
    } catch (error) {
      return unreadable(task.stream, error);
    }
  };
  for await (const lines of runJob(
    store,
    tasks(store, office, institution, options.shard),
    work,
    jobOptions,
  )) {
    if ('code' in lines) await onFinding?.(lines);
    else yield* lines;
  }
  return { job: jobHead({ ...job, institution }, null) };
}

/** An account, or a page of a stream of the office. */
type Task = {
  readonly stream: StreamId;
  readonly source: AuditSource;
  readonly read: () => Promise<readonly RecordedEvent<AccountEvent | OfficeEvent>[]>;
};

/** The number of events of the office read at a time: a series of receipts may have millions. */
const PAGE_SIZE = 1_000;

/** Yields the accounts, then the streams of the office, page by page. */
async function* tasks(
  store: EventStore,
  office: EventStore<OfficeEvent> | undefined,
  institution: string,
  shard: Shard | undefined,
): AsyncGenerator<Task> {
  for await (const stream of everyAccount(store, institution, shard)) {
    const read = async () => (await store.read(stream)).events;
    yield { stream, source: { ...stream, source: 'account', office: null }, read };
  }
  if (office === undefined) return;
  for await (const stream of everyAccount(office, institution, shard)) {
    const parts = officeStreamParts(stream);
    if (parts === null) continue;
    const source = { source: parts.kind, institution, patronId: null, office: parts.name };
    const { version } = await office.read(stream, { after: Number.MAX_SAFE_INTEGER });
    for (let after = 0; after < version; after += PAGE_SIZE) {
      yield {
        stream,
        source,
        read: async () => (await office.read(stream, { after, limit: PAGE_SIZE })).events,
      };
    }
  }
}

const columns = [
  'day',
  'recordedAt',
  'at',
  'source',
  'institution',
  'patronId',
  'office',
  'version',
  'commandId',
  'events',
  'user',
  'channel',
  'library',
  'desk',
  'tillSession',
  'reason',
  'currency',
  'correlationId',
] as const satisfies readonly (keyof AuditLine)[];

/**
 * Formats an audit trail as CSV, line by line: a header, then one line for each command, its events joined by blanks.
 *
 * @param lines - the lines of {@link runAuditTrail}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { auditTrailCsv } from 'patron-fees/institution';
 *
 * for await (const piece of auditTrailCsv([])) piece.split(',').slice(3, 6); //=> ['source', 'institution', 'patronId']
 * ```
 */
export async function* auditTrailCsv(
  lines: AsyncIterable<AuditLine> | Iterable<AuditLine>,
  options: CsvOptions = {},
): AsyncGenerator<string> {
  const { identifiers } = checkedCsvOptions(options);
  yield csvLines([columns]);
  for await (const line of lines) {
    const cells = columns.map((column) => (column === 'events' ? line.events.join(' ') : line[column]));
    yield csvLines([cells], () => identifiers === 'asIs');
  }
}
