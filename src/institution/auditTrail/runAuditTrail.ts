import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import type { EventStore, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { type AccountFinding, unreadable } from '../accountFinding.js';
import { type CsvOptions, checkedCsvOptions, csvLines } from '../csv.js';
import { checkedJobOptions, everyAccount, type JobOptions, runJob } from '../job.js';
import { type JobReport, jobHead, type OrderedForm, orderedFormFields } from '../jobHead.js';
import { localDay } from '../localDay.js';
import { type FindingOptions, onFindingField } from '../tallies.js';

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
   * @defaultValue every user, and commands of nobody
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

/** One command that changed an account. Absent details are null. */
export type AuditLine = StreamId & {
  /** The id of the command, which is the job's id for commands of jobs. */
  readonly commandId: string | null;
  /** The version of the account after its first event. */
  readonly version: number;
  /** The types of its events, in order. */
  readonly events: readonly string[];
  /** The day on which it was recorded, `YYYY-MM-DD`. */
  readonly day: string;
  /** When it was recorded. */
  readonly recordedAt: string;
  /** When it happened. */
  readonly at: string;
  /** The user who acted. */
  readonly user: string | null;
  /** The channel. */
  readonly channel: string | null;
  /** The desk. */
  readonly desk: string | null;
  /** The library. */
  readonly library: string | null;
  /** The session of the till. */
  readonly tillSession: string | null;
  /** The reason. */
  readonly reason: string | null;
  /** ISO 4217 code of the amounts of its first event; null if that has none. */
  readonly currency: string | null;
  /** Shared by everything that belongs to one request or one job. */
  readonly correlationId: string | null;
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
 * Lists the commands that changed accounts: all of a day, of a user, or of a job. Account by account, in the order of
 * each account's stream; keeps one account at a time in memory. Refused commands are not recorded.
 *
 * @param store - the store with the events
 * @param form - the institution, the days, and which commands
 * @param options - callbacks for findings and progress; signal; concurrency
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
  options: JobOptions & FindingOptions<AccountFinding> = {},
): AsyncGenerator<AuditLine, JobReport, undefined> {
  const { institution, timeZone, from, to, users, commandIds, jobIds, job } = checkedArgument(
    formSchema,
    form,
    'form',
  );
  checkedJobOptions(options, { onFinding: onFindingField });
  const dayOf = localDay(timeZone);
  const [wantedUsers, wantedIds] = [users && new Set(users), commandIds && new Set(commandIds)];
  const jobs = jobIds && new Set(jobIds);
  const isListed = ({ day, user, commandId, correlationId }: AuditLine) =>
    day >= from &&
    day <= to &&
    (wantedUsers === undefined || (user !== null && wantedUsers.has(user))) &&
    (wantedIds === undefined || (commandId !== null && wantedIds.has(commandId))) &&
    (jobs === undefined || jobs.has(commandId ?? '') || jobs.has(correlationId ?? ''));
  const work = async (stream: StreamId): Promise<readonly AuditLine[] | AccountFinding> => {
    try {
      return linesOf(stream, (await store.read(stream)).events, dayOf).filter(isListed);
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  for await (const lines of runJob(everyAccount(store, institution, options.shard), work, options)) {
    if ('code' in lines) await options.onFinding?.(lines);
    else yield* lines;
  }
  return { job: jobHead({ ...job, institution }, null) };
}

/** Returns the commands of an account: the events of one command follow each other. */
function linesOf(
  { institution, patronId }: StreamId,
  events: readonly RecordedEvent[],
  dayOf: (at: string) => string,
): AuditLine[] {
  const lines: (AuditLine & { readonly events: string[] })[] = [];
  for (const { version, recordedAt, event } of events) {
    const { commandId = null, correlationId = null } = event.metadata ?? {};
    const last = lines.at(-1);
    if (last !== undefined && commandId !== null && last.commandId === commandId) {
      last.events.push(event.type);
      continue;
    }
    const { at, by, reason = null } = event.data;
    lines.push({
      institution,
      patronId,
      commandId,
      version,
      events: [event.type],
      day: dayOf(recordedAt),
      recordedAt,
      at,
      user: by?.userId ?? null,
      channel: by?.channel ?? null,
      desk: by?.desk ?? null,
      library: by?.library ?? null,
      tillSession: by?.tillSession ?? null,
      reason,
      currency: 'currency' in event.data ? event.data.currency : null,
      correlationId,
    });
  }
  return lines;
}

const columns = [
  'day',
  'recordedAt',
  'at',
  'institution',
  'patronId',
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
 * for await (const piece of auditTrailCsv([])) piece.split(',').slice(3, 6); //=> ['institution', 'patronId', 'version']
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
