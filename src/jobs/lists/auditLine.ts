import type { EventMetadata, RecordedApprover } from '../../account/circumstances.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { StreamKind } from '../../office/streamKinds.js';

/**
 * The source of the events of each kind of stream; null for those that are not listed: the notices of a patron, and
 * copies.
 */
export const officeSources = {
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
export type AuditSource = Pick<AuditLine, 'source' | 'institution' | 'patronId' | 'office'>;

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
