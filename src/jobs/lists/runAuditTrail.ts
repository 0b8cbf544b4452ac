import * as v from 'valibot';
import type { EventMetadata, RecordedApprover } from '../../account/circumstances.js';
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
import { formatAmount, minorUnits } from '../../money/money.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import { type StreamKind, streamParts } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/**
 * The source of the events of each kind of stream; null for those that are not listed: the notices of a patron, and
 * copies.
 */
const officeSources = {
  till: 'till',
  receipts: 'receipts',
  patron: null,
  remittances: 'remittances',
  bank: 'bank',
  seals: 'seals',
  closings: 'closings',
  purges: 'purges',
  policies: 'policies',
  notices: null,
  files: 'files',
  online: 'onlinePayments',
  onlinePatron: null,
  onlineKept: 'onlinePayments',
  providerRow: 'onlinePayments',
} as const satisfies Readonly<Record<StreamKind, AuditLine['source'] | null>>;

/** One command that changed an account, or something in the office. Absent details are null. */
export type AuditLine = {
  /**
   * Where it was recorded: in a patron account, a till, a series of receipts, the remittances of an external system, an
   * online payment, an account at a bank, the seals of the books, the files of closed months, the purges of an account,
   * the policies, or the imports of a file.
   */
  readonly source:
    | 'account'
    | 'till'
    | 'receipts'
    | 'remittances'
    | 'onlinePayments'
    | 'bank'
    | 'seals'
    | 'closings'
    | 'purges'
    | 'policies'
    | 'files';
  /** The institution. */
  readonly institution: string;
  /**
   * The patron of the account, the receipt, the purge or the part of an online payment; of one that is begun, the
   * payer.
   */
  readonly patronId: string | null;
  /**
   * The till, the external system (empty if transfers name none), the receipt as series and number, `2026/17`, the
   * online payment, what was kept of a report or a row of a payout that belongs to no payment, the bank account, the hash of a file, or the number of the seal (also of a closed month) or
   * the policy.
   */
  readonly office: string | null;
  /**
   * The id of the command, which is the job's id for commands of jobs. For a receipt, the id of what it is for: the
   * payment, the refund, or the command that waived. For an event of an online payment, the id of that payment. For a
   * refused part of a report or a payout, its `keptId`.
   */
  readonly commandId: string | null;
  /** The version of the account, or of the stream of the office, after its first event. */
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
  /**
   * The role in which the user acted, as the option `roleOf` returns it. Null without this option, because events have
   * no roles.
   */
  readonly role: string | null;
  /** The user who approved the command. */
  readonly approvedBy: string | null;
  /** The highest amount that was approved, as the approver was shown it: a decimal string; null if none was named. */
  readonly approvedUpTo: string | null;
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
  /**
   * The sum of its first event and of its other events of the same type: what was charged, paid or waived. For a
   * cancellation, it includes what came back as a credit. A decimal string; null if that event has no amount.
   */
  readonly amount: string | null;
  /** ISO 4217 code of the amounts of its first event; null if that has none. */
  readonly currency: string | null;
  /** Shared by everything that belongs to one request or one job. */
  readonly correlationId: string | null;
};

/** The stream of commands. */
type AuditSource = Pick<AuditLine, 'source' | 'institution' | 'patronId' | 'office'>;

/** Returns the commands of an account or a stream of the office: the events of one command follow each other. */
export function auditLines(
  source: AuditSource,
  recorded: readonly RecordedEvent<AccountEvent | OfficeEvent>[],
  dayOf: (at: string) => string,
): AuditLine[] {
  const lines: (AuditLine & { readonly events: string[]; amount: string | null })[] = [];
  for (const { version, recordedAt, event } of recorded) {
    const { commandId = null, correlationId = null } = metadataOf(event);
    const last = lines.at(-1);
    // Payments of several patrons, and waivers of one job, have the same id: each receipt is a line. So is each event
    // of an online payment, which were caused one after the other.
    const isReceipt = event.type === 'ReceiptIssued';
    const isOnline = 'onlinePaymentId' in event.data || 'keptId' in event.data;
    if (last?.commandId === commandId && commandId !== null && !isReceipt && !isOnline) {
      if (countsWith(last.events[0], event.type)) last.amount = sumOf(last.amount, amountOf(event));
      last.events.push(event.type);
      continue;
    }
    const { at, by } = event.data;
    const approval: RecordedApprover | undefined =
      'approvedBy' in event.data ? event.data.approvedBy : undefined;
    lines.push({
      ...source,
      ...subjectOf(event),
      commandId,
      version,
      events: [event.type],
      day: dayOf(recordedAt),
      recordedAt,
      at,
      user: by?.userId ?? null,
      role: null,
      approvedBy: approval?.userId ?? null,
      approvedUpTo: approval?.upTo ?? null,
      channel: by?.channel ?? null,
      desk: by?.desk ?? null,
      library: by?.library ?? null,
      tillSession: ('sessionId' in event.data ? event.data.sessionId : by?.tillSession) ?? null,
      reason: ('reason' in event.data ? event.data.reason : null) ?? null,
      amount: amountOf(event),
      currency: 'currency' in event.data ? event.data.currency : null,
      correlationId,
    });
  }
  return lines;
}

/** Returns the amount of an event, or the float of a till. */
function amountOf({ data }: AccountEvent | OfficeEvent): string | null {
  if ('amount' in data) return data.amount;
  return 'float' in data ? data.float : null;
}

/**
 * Returns whether the amount of a later event belongs to that of the first: a cancelled fee that was paid becomes a
 * credit.
 */
function countsWith(first: string | undefined, type: string): boolean {
  return type === first || (first === 'FeeCancelled' && type === 'CreditIssued');
}

/** Adds amounts of one currency. */
function sumOf(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  const digits = one.split('.')[1]?.length ?? 0;
  return formatAmount(minorUnits(one) + minorUnits(other), digits);
}

/**
 * Returns the command that caused an event. That of a receipt has the id of what the receipt is for, that of an online
 * payment the id of the payment.
 */
function metadataOf(event: AccountEvent | OfficeEvent): EventMetadata {
  if (event.type === 'ReceiptIssued') return { commandId: event.data.subjectId };
  if ('onlinePaymentId' in event.data) return { commandId: event.data.onlinePaymentId };
  if (event.type === 'FileImported') return { commandId: event.data.jobId };
  if ('keptId' in event.data) return { commandId: event.data.keptId };
  return ('metadata' in event && event.metadata) || {};
}

/** Returns what an event of the office is about, unless its stream is named after it. */
function subjectOf({ type, data }: AccountEvent | OfficeEvent): Partial<AuditSource> {
  switch (type) {
    case 'ReceiptIssued':
      return { patronId: data.patronId, office: `${data.series}/${data.number}` };
    case 'ReceiptSeriesClosed':
      return { office: `${data.series}/${data.lastNumber}` };
    case 'PeriodSealed':
    case 'PolicyRecorded':
      return { office: String(data.number) };
    case 'MonthClosed':
      return { office: String(data.seal) };
    case 'PurgeRecorded':
      return { patronId: data.patronId, office: null };
    case 'OnlinePaymentStarted':
      return { patronId: data.parts[0]?.patronId ?? null };
    case 'OnlinePaymentRecorded':
    case 'OnlinePaymentSettled':
      return { patronId: data.patronId ?? null };
    default:
      return {};
  }
}

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
