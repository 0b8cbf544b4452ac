import type { RecordedActor, RecordedApprover } from '../../account/circumstances.js';
import type { NamedStream, RecordedEvent } from '../../history/eventStore.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { bankItemKey, foldBankAccount } from '../../office/bank/bankAccount.js';
import type { BankEvent } from '../../office/bank/bankEvents.js';
import { bankAmounts } from '../../office/bank/bankRequest.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import { foldedStream } from '../../office/officeStream.js';
import { foldKeptReport, type KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import {
  foldRemittances,
  type RemittanceEvent,
  remittanceAmounts,
} from '../../office/remittances/remittance.js';
import { type StreamKind, streamParts } from '../../office/streamKinds.js';
import {
  type ApprovableCommand,
  type ApprovableJob,
  approvableCommands,
  type PermittedCommand,
} from '../../policy/permissions.js';
import type { GivenAmount } from './splitCommands.js';

/** The events of commands that a second member of staff may approve. */
type ApprovableEvent<Event = OfficeEvent> = Event extends { readonly data: infer Data }
  ? 'approvedBy' extends keyof Data
    ? Event
    : never
  : never;

const commandsOf: Readonly<Record<ApprovableEvent['type'], PermittedCommand | ApprovableJob>> = {
  TillOpened: 'OpenTill',
  TillMoneyMoved: 'MoveTillMoney',
  TillClosed: 'CloseTill',
  TillDifferenceAccepted: 'AcceptTillDifference',
  RemittanceRecorded: 'RecordRemittance',
  RemittanceReversed: 'ReverseRemittance',
  SafeDeposited: 'DepositFromSafe',
  BankEntryConfirmed: 'ConfirmBankEntry',
  BankItemEnded: 'EndBankItem',
  BankEntryBooked: 'BookBankEntry',
  BankRecordReversed: 'ReverseBankRecord',
  PeriodSealed: 'SealKnown',
  PurgeRecorded: 'Purge',
  OnlinePaymentSettled: 'SettleOnlinePart',
  OnlineReportSettled: 'SettleOnlineReport',
};

/** A command of the office that another user approved. */
export type OfficeApproval = {
  /** The day on which it was recorded, `YYYY-MM-DD`. */
  readonly day: string;
  /** What was approved: a command; a seal that made differences known; a purge. */
  readonly command: PermittedCommand | ApprovableJob;
  /**
   * The stream of the office, e.g. `till:CIRC`, `bank:GIRO`, `remittances:BANNER`, `seals:` or `purges:dverma`, also of a purge
   * that only the account has, since nothing was sealed.
   */
  readonly office: string;
  /** The id of the command, or of the job that seals or purges; null without one. */
  readonly commandId: string | null;
  /** The user who gave it; null if unknown. */
  readonly user: string | null;
  /** The user who approved it. */
  readonly approvedBy: string;
  /** The amount up to which it was approved, a decimal string; null for what has no amount. */
  readonly approvedUpTo: string | null;
  /** Everything that it moves or writes off, a decimal string; null for what has no amount. */
  readonly amount: string | null;
  /** ISO 4217 code of the amounts; null for what has no amount. */
  readonly currency: string | null;
};

const kinds: ReadonlySet<StreamKind> = new Set([
  'till',
  'bank',
  'remittances',
  'seals',
  'purges',
  'online',
  'onlineKept',
]);

/** Returns whether a stream of the office has commands that somebody else may approve. */
export function hasApprovals(stream: NamedStream): boolean {
  const parts = streamParts(stream);
  return parts !== null && kinds.has(parts.kind);
}

/** A command of the office. */
export type OfficeCommand = {
  readonly command: PermittedCommand | ApprovableJob;
  readonly commandId: string | undefined;
  readonly by: RecordedActor | undefined;
  readonly approvedBy: ApprovableEvent['data']['approvedBy'];
  readonly day: string;
  readonly recordedAt: string;
  /** The session of a till, or what an entry of the bank confirms or a person ends; null for what is about a whole stream. */
  readonly item: string | null;
  /** Everything that it moves or writes off, as limits compare it, in minor units; null without amounts. */
  readonly amount: number | null;
  /** ISO 4217 code; null without amounts. */
  readonly currency: string | null;
  /** Whether a job found what it confirms, and no person chose it. */
  readonly isMatched: boolean;
};

/**
 * Returns the commands of a stream of the office.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`
 */
export function officeCommands(
  stream: NamedStream,
  recorded: readonly RecordedEvent<OfficeEvent>[],
  dayOf: (at: string) => string,
): readonly OfficeCommand[] {
  const events = recorded.map(({ event }) => event);
  const amountsOf = foldedStream(stream, () => amountsIn(stream, events));
  return recorded.filter(isGiven).map(({ recordedAt, event }) => {
    const { data, type } = event;
    const metadata = 'metadata' in event ? event.metadata : undefined;
    const parts = amountsOf(event);
    const amount =
      parts.length === 0 ? null : parts.reduce((sum, part) => sum + Math.abs(Number(minorUnits(part))), 0);
    return {
      command: commandsOf[type],
      commandId: metadata && ('commandId' in metadata ? metadata.commandId : metadata.correlationId),
      by: data.by,
      approvedBy: data.approvedBy,
      day: dayOf(recordedAt),
      recordedAt,
      item: itemOf(event),
      amount,
      currency: 'currency' in data ? data.currency : null,
      isMatched: 'matchedBy' in data && data.matchedBy === 'reference',
    };
  });
}

function itemOf({ data }: ApprovableEvent): string | null {
  if ('sessionId' in data) return data.sessionId;
  if ('items' in data) return data.items.map(bankItemKey).join();
  return 'item' in data ? bankItemKey(data.item) : null;
}

/** Whether an event is of a command. Of what is settled of online payments, some follows by itself. */
function isGiven<Recorded extends { readonly event: OfficeEvent }>(
  recorded: Recorded,
): recorded is Recorded & { readonly event: ApprovableEvent } {
  const { type, data } = recorded.event;
  return (
    type in commandsOf &&
    !('what' in data && data.what === 'follows') &&
    !('how' in data && data.how === 'recorded')
  );
}

/** Returns what reads the amounts of an event, which may depend on those before it. */
function amountsIn(
  stream: NamedStream,
  events: readonly OfficeEvent[],
): (event: ApprovableEvent) => readonly string[] {
  switch (streamParts(stream)?.kind) {
    case 'bank': {
      const account = foldBankAccount(events as readonly BankEvent[]);
      return (event) => bankAmounts(event as BankEvent, account);
    }
    case 'remittances': {
      const state = foldRemittances(events as readonly RemittanceEvent[]);
      return (event) => remittanceAmounts(event as RemittanceEvent, state);
    }
    case 'onlineKept': {
      const kept = foldKeptReport(events as readonly KeptReportEvent[]);
      return () => (kept === null ? [] : [kept.told.amount]);
    }
    default:
      return ({ data }) => ('amount' in data ? [data.amount] : 'float' in data ? [data.float] : []);
  }
}

/** Returns what a member of staff moved or wrote off; nothing for what a job matched, and for floats and counts. */
export function givenInOffice({
  command,
  amount,
  by,
  approvedBy,
  isMatched,
  ...given
}: OfficeCommand): readonly GivenAmount[] {
  const approvable: readonly string[] = approvableCommands;
  if (amount === null || isMatched || !approvable.includes(command)) return [];
  const isApproved = approvedBy !== undefined;
  return [{ ...given, command: command as ApprovableCommand, userId: by?.userId, isApproved, amount }];
}

/** Returns what another user approved. */
export function approvalOf(
  { stream: office }: NamedStream,
  { day, command, commandId, by, approvedBy, amount, currency }: OfficeCommand,
  nameOf: (userId: string | undefined) => string | null,
): readonly OfficeApproval[] {
  if (approvedBy === undefined) return [];
  const { userId, upTo }: RecordedApprover = approvedBy;
  const written = amount === null || currency === null ? null : formatAmount(amount, digitsOf(currency));
  return [
    {
      day,
      command,
      office,
      commandId: commandId ?? null,
      user: nameOf(by?.userId),
      approvedBy: nameOf(userId) ?? userId,
      approvedUpTo: upTo ?? null,
      amount: written,
      currency: written && currency,
    },
  ];
}

/** Returns the purges of an account, as commands: once there are seals, the office has them. */
export function purgesIn(
  recorded: readonly RecordedEvent[],
  dayOf: (at: string) => string,
): readonly OfficeCommand[] {
  return recorded.flatMap(({ recordedAt, event: { type, data } }) => {
    if (type !== 'AccountPurged') return [];
    const { purgeId: commandId, by, approvedBy } = data;
    const given = { command: commandsOf.PurgeRecorded, commandId, by, approvedBy, day: dayOf(recordedAt) };
    return [{ ...given, recordedAt, item: null, amount: null, currency: null, isMatched: false }];
  });
}
