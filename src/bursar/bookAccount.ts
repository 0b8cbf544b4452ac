import type { CommandActor } from '../account/circumstances.js';
import type { ReverseSettlement, SettleTransfer } from '../account/commands/transferCommands.js';
import { decide } from '../account/decide.js';
import { digestOf } from '../account/digest.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { SettlementReversed, TransferSettled } from '../account/events/transferEvents.js';
import { applyOne } from '../account/fold.js';
import {
  type AccountState,
  emptyAccount,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../account/patronAccount.js';
import { type Settlement as AccountSettlement, settlementReversedOf } from '../account/records.js';
import { type EventStore, type StreamId, streamName } from '../history/eventStore.js';
import { RETRY, untilNoConflict } from '../history/retry.js';
import { type AccountFinding, busy, unreadable } from '../job/accountFinding.js';
import { formatAmount, minorUnits, parseLooseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { findingAt, type Settlement, type SettlementFinding } from './settlementRow.js';

/** The number of rows booked by one append. Some stores write an append as one message of limited size. */
const ROWS_PER_APPEND = 250;

/** The result for a row. Keeps only the amounts of its events, since many rows may be waiting for the report. */
export type Outcome = {
  readonly kind: Settlement['kind'] | null;
  readonly isNew: boolean;
  readonly settled: readonly string[];
  readonly overpaid: readonly string[];
  readonly reversed: readonly string[];
  readonly finding: SettlementFinding | null;
};

/** The results for the rows of one account, by row. */
export type Outcomes = ReadonlyMap<number, Outcome>;

/** Returns the outcome of a row that is not booked. */
export function notBooked(finding: SettlementFinding): Outcome {
  return { kind: null, isNew: false, settled: [], overpaid: [], reversed: [], finding };
}

/** A row of an answer, and what is booked from it. Amounts are decimal strings. */
export type PlannedSettlement = {
  /** The position of the row, counted from 1 without the header. */
  readonly row: number;
  /** The reference in the row; null without one. */
  readonly reference: string | null;
  /** The patron in the reference; null without a valid reference. */
  readonly patronId: string | null;
  /** Whether it pays a fee or a credit; null for a row that is not booked. */
  readonly kind: 'fee' | 'credit' | null;
  /** The pending amount that is settled. */
  readonly settled: string;
  /** What is paid above the pending amount: a refundable credit. */
  readonly overpaid: string;
  /** The amount that is pending again, because a payment bounced. */
  readonly reversed: string;
  /** Why it is not booked, or null. */
  readonly finding: SettlementFinding | null;
};

/** Returns what is booked from a row. */
export function plannedSettlement(
  {
    row,
    reference,
    patronId,
  }: Pick<PlannedSettlement, 'reference' | 'patronId'> & { readonly row: number | null },
  { kind, settled, overpaid, reversed, finding }: Outcome,
  digits: number,
): PlannedSettlement {
  const sum = (parts: readonly string[]) => {
    const minor = parts.reduce((total, part) => total + minorUnits(part), 0n);
    return formatAmount(minor, digits);
  };
  return {
    row: row ?? 0,
    reference,
    patronId,
    kind: finding === null ? kind : null,
    settled: sum(settled),
    overpaid: sum(overpaid),
    reversed: sum(reversed),
    finding,
  };
}

/** An account on which rows are booked one after the other. */
type OpenAccount = {
  readonly version: number;
  readonly account: AccountState;
  readonly history: BookedHistory;
};

async function openAccount(store: EventStore, stream: StreamId): Promise<OpenAccount> {
  const slice = await store.read(stream);
  const open = { version: slice.version, account: emptyAccount() as AccountState, history: bookedHistory() };
  for (const { event } of slice.events) apply(open, event, stream);
  return open;
}

function apply({ account, history }: OpenAccount, event: AccountEvent, stream: StreamId): void {
  applyOne(account, event, streamName(stream));
  history.add(event);
}

/**
 * Books rows of one account, in their order. Reads the account once and applies each booked event to it, so that the
 * time is linear in the number of rows.
 */
export async function bookAccount(
  store: EventStore,
  stream: StreamId,
  settlements: readonly Settlement[],
  job: SettlementJob,
  policy: FeePolicy,
): Promise<Outcomes> {
  const outcomes = new Map<number, Outcome>();
  const expected = 'an account that can be read';
  const noneBooked = (rows: readonly Settlement[], { code, message: found }: AccountFinding) => {
    for (const settlement of rows) {
      const { row, reference, patronId } = settlement;
      outcomes.set(row, notBooked(findingAt(settlement, code, { expected, found }, { reference, patronId })));
    }
  };
  try {
    let open: OpenAccount | undefined;
    for (let first = 0; first < settlements.length; first += ROWS_PER_APPEND) {
      const rows = settlements.slice(first, first + ROWS_PER_APPEND);
      let planned = open;
      open = await untilNoConflict(
        async (write): Promise<OpenAccount> => {
          for (const { row } of rows) outcomes.delete(row);
          const account = planned ?? (await openAccount(store, stream));
          // The planned events are applied to it: after a conflict it is opened again.
          planned = undefined;
          const events = planRows(account, rows, { stream, job, policy, outcomes });
          if (events.length === 0) return account;
          const append = () => store.append(stream, events, { expectedVersion: account.version });
          return { ...account, ...(await write(append, events)) };
        },
        RETRY,
        () => {
          noneBooked(rows, busy(stream));
          return undefined;
        },
      );
    }
  } catch (error) {
    const left = settlements.filter(({ row }) => !outcomes.has(row));
    noneBooked(left, unreadable(stream, error));
  }
  return outcomes;
}

/** Plans each row on the account as the previous row left it. Returns the events of all rows. */
function planRows(
  open: OpenAccount,
  rows: readonly Settlement[],
  booking: {
    readonly stream: StreamId;
    readonly job: SettlementJob;
    readonly policy: FeePolicy;
    readonly outcomes: Map<number, Outcome>;
  },
): readonly AccountEvent[] {
  const { stream, job, policy, outcomes } = booking;
  return rows.flatMap((settlement) => {
    const { events, booked, finding } = planSettlement(open.account, open.history, settlement, job, policy);
    for (const event of events) apply(open, event, stream);
    outcomes.set(settlement.row, {
      kind: settlement.kind,
      isNew: events.length > 0,
      settled: booked.flatMap(({ type, data }) => (type === 'TransferSettled' ? [data.amount] : [])),
      overpaid: booked.flatMap(({ type, data }) => (type === 'CreditIssued' ? [data.amount] : [])),
      reversed: booked.flatMap(({ type, data }) => (type === 'SettlementReversed' ? [data.amount] : [])),
      finding,
    });
    return events;
  });
}

/** The events of an account that an import looks up. */
type BookedHistory = {
  /** The events that a command caused. */
  readonly eventsOf: (commandId: string) => readonly AccountEvent[];
  /** The settlements of a transfer, oldest first. */
  readonly settlementsOf: (transferId: string) => readonly TransferSettled['data'][];
  /** The reversals of a settlement, oldest first. */
  readonly reversalsOf: (settlementId: string) => readonly SettlementReversed[];
  /** Adds the next event of the account. */
  readonly add: (event: AccountEvent) => void;
};

/** Starts the history of an empty account. Look-ups take constant time, however long it becomes. */
export function bookedHistory(): BookedHistory {
  const byCommand = new Map<string, AccountEvent[]>();
  const byTransfer = new Map<string, TransferSettled['data'][]>();
  const bySettlement = new Map<string, SettlementReversed[]>();
  return {
    eventsOf: (commandId) => byCommand.get(commandId) ?? [],
    settlementsOf: (transferId) => byTransfer.get(transferId) ?? [],
    reversalsOf: (settlementId) => bySettlement.get(settlementId) ?? [],
    add: (event) => {
      const commandId = event.metadata?.commandId;
      if (commandId !== undefined) addTo(byCommand, commandId, event);
      if (event.type === 'TransferSettled') addTo(byTransfer, event.data.transferId, event.data);
      if (event.type === 'SettlementReversed') addTo(bySettlement, event.data.settlementId, event);
    },
  };
}

function addTo<Entry>(lists: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [entry]);
  else list.push(entry);
}

/** The data that all settlements of a job share. */
export type SettlementJob = {
  readonly jobId: string;
  readonly at: string;
  readonly by: CommandActor;
  /** Whether to book a payment again whose settlement was reversed. */
  readonly bookReversed?: boolean;
};

/** What a row does to the account. */
type SettlementPlan = {
  /** The events to append; empty if this row was booked before, or is not booked. */
  readonly events: readonly AccountEvent[];
  /** The events that book this row, now or in an earlier run of the job; empty if it is not booked. */
  readonly booked: readonly AccountEvent[];
  /** Why it is not booked. */
  readonly finding: SettlementFinding | null;
};

/**
 * Decides what a reported payment does to an account. Pure.
 *
 * The command's id is made of the transfer and the external system's reference for the payment, so that the payment is
 * recognised in any file; without a payment reference, of the transfer and the job. The events record the job and the
 * row in `causationId`, which distinguishes a repeated run of a job from a payment reported twice.
 *
 * A row with the opposite sign reverses a settlement, because the payment bounced.
 *
 * @param history - the events of the account that concern settlements
 */
export function planSettlement(
  account: PatronAccount,
  history: BookedHistory,
  settlement: Settlement,
  job: SettlementJob,
  policy: FeePolicy,
): SettlementPlan {
  const { reference, patronId, transferId, kind, amount } = settlement;
  const notBooked = (
    code: SettlementFinding['code'],
    expected: string,
    found: string,
    more: Partial<SettlementFinding> = {},
  ): SettlementPlan => ({
    events: [],
    booked: [],
    finding: findingAt(settlement, code, { expected, found }, { reference, patronId, ...more }),
  });
  const transfer = findTransfer(account, transferId);
  if (transfer === undefined) {
    const expected = 'the reference of an exported transfer';
    return notBooked('UNKNOWN_REFERENCE', expected, JSON.stringify(reference.slice(0, 200)));
  }
  if (account.currency !== policy.currency) {
    return notBooked('OTHER_CURRENCY', policy.currency, `an account in ${account.currency}`);
  }
  const bounced = kind !== (transfer.feeId === null ? 'credit' : 'fee');
  const command = bounced
    ? reversalOf(settlement, account, history, job)
    : commandOf(settlement, history, job);
  if (command === undefined) {
    const expected = kind === 'fee' ? 'a negative amount, as of a credit' : 'a positive amount, as of a fee';
    const found = kind === 'fee' ? amount : `-${amount}`;
    return notBooked('AMOUNT_NOT_USABLE', expected, found);
  }
  const before = history.eventsOf(command.id);
  const decision = decide(command, account, policy, { now: command.at });
  const settledBefore = before[0]?.type === 'TransferSettled' ? before[0].data.settlementId : undefined;
  if (settledBefore !== undefined && reversedElsewhere(settledBefore, account, history, job)) {
    return notBooked(
      'REVERSED_SINCE',
      'a payment that is not reversed',
      `one whose settlement ${settledBefore} was reversed`,
    );
  }
  const bookedBy = before[0]?.metadata?.causationId;
  const isOwn = bookedBy === command.metadata?.causationId;
  if (before.length > 0 && !decision.accepted && decision.rejection.type === 'IdAlreadyUsed') {
    // The id is made of all that the digest has, except the amount.
    if (isOwn || settlement.paymentReference !== undefined) {
      const found = `${amount} for one that is booked already${bookedBy === undefined ? '' : ` from ${bookedBy}`}`;
      return notBooked(
        'OTHER_AMOUNT',
        'the amount of the payment',
        found,
        bookedBy === undefined ? {} : { bookedBy },
      );
    }
  }
  if (before.length > 0 && !(decision.accepted && isOwn)) {
    const found = `one that is booked already${bookedBy === undefined ? '' : ` from ${bookedBy}`}`;
    return notBooked('REPEATED', 'a payment that is new', found, bookedBy === undefined ? {} : { bookedBy });
  }
  if (decision.accepted)
    return { events: decision.events, booked: [...before, ...decision.events], finding: null };
  const { rejection } = decision;
  return notBooked('REFUSED', 'a payment that the account takes', rejection.type, { rejection });
}

function commandOf(settlement: Settlement, history: BookedHistory, job: SettlementJob): SettleTransfer {
  const { transferId, amount } = settlement;
  const command: SettleTransfer = {
    type: 'SettleTransfer' as const,
    id: settlementIdOf(settlement, job),
    transferId,
    amount,
    ...circumstances(settlement, job),
  };
  const reversed = reversedByOthers(command.id, history, job);
  // A payment that is booked again gets a new id, made of the job's id.
  return reversed && job.bookReversed === true
    ? { ...command, id: `settlement-${digestOf({ again: command.id, jobId: job.jobId })}` }
    : command;
}

/** Returns the id of the settlement of a reported payment. */
function settlementIdOf(
  { transferId, paymentReference }: Pick<Settlement, 'transferId' | 'paymentReference'>,
  { jobId }: SettlementJob,
): string {
  const name = paymentReference === undefined ? { transferId, jobId } : { transferId, paymentReference };
  return `settlement-${digestOf(name)}`;
}

/** Returns the fields that all commands of a row share. */
function circumstances({ row, paymentReference }: Settlement, { jobId, at, by }: SettlementJob) {
  return {
    at,
    by,
    ...(paymentReference !== undefined && { externalReference: paymentReference }),
    metadata: { correlationId: jobId, causationId: `${jobId}/${row}` },
  };
}

/**
 * Returns the command that reverses the settlement of a bounced payment: the payment that the row refers to, or the
 * latest of the transfer that is large enough. Undefined without such a settlement.
 */
function reversalOf(
  settlement: Settlement,
  account: PatronAccount,
  history: BookedHistory,
  job: SettlementJob,
): ReverseSettlement | undefined {
  const { transferId, paymentReference, amount } = settlement;
  const name = {
    reversed: transferId,
    ...(paymentReference === undefined ? { jobId: job.jobId } : { paymentReference }),
  };
  const id = `settlement-${digestOf(name)}`;
  const [done] = history.eventsOf(id);
  const settlementId =
    done?.type === 'SettlementReversed'
      ? done.data.settlementId
      : latestThatFits(settlement, account, history)?.settlementId;
  if (settlementId === undefined) return undefined;
  return { type: 'ReverseSettlement', id, settlementId, amount, ...circumstances(settlement, job) };
}

function latestThatFits(
  { transferId, paymentReference, amount }: Settlement,
  account: PatronAccount,
  history: BookedHistory,
): AccountSettlement | undefined {
  const minor = parseLooseAmount(amount, account.minorDigits);
  const booked = history.settlementsOf(transferId);
  for (let index = booked.length - 1; index >= 0; index--) {
    const { settlementId, externalReference } = booked[index] as TransferSettled['data'];
    if (paymentReference !== undefined && externalReference !== paymentReference) continue;
    const settlement = findSettlement(account, settlementId);
    if (settlement !== undefined && settledBy(settlement) - settlementReversedOf(settlement) >= minor)
      return settlement;
  }
  return undefined;
}

/** Returns whether a settlement was reversed in full, and at least partly not by this job. */
function reversedElsewhere(
  settlementId: string,
  account: PatronAccount,
  history: BookedHistory,
  job: SettlementJob,
): boolean {
  const settlement = findSettlement(account, settlementId);
  return (
    settlement !== undefined &&
    settlementReversedOf(settlement) === settledBy(settlement) &&
    reversedByOthers(settlementId, history, job)
  );
}

/** Returns whether someone other than this job reversed part of a settlement. */
function reversedByOthers(settlementId: string, history: BookedHistory, { jobId }: SettlementJob): boolean {
  return history.reversalsOf(settlementId).some(({ metadata }) => metadata?.correlationId !== jobId);
}

function findSettlement(account: PatronAccount, settlementId: string): AccountSettlement | undefined {
  return account.settlements[positionOf(account, 'settlement', settlementId)];
}

/** Returns the amount that a settlement booked, surplus included, in minor units. */
function settledBy({ amount, surplus }: AccountSettlement): number {
  return amount + (surplus?.amount ?? 0);
}
