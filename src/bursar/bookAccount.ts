import type { AccountEvent } from '../account/events/accountEvent.js';
import { applyOne } from '../account/fold.js';
import { type AccountState, emptyAccount } from '../account/patronAccount.js';
import { type EventStore, type StreamId, streamName } from '../history/eventStore.js';
import { RETRY, untilNoConflict } from '../history/retry.js';
import { type AccountFinding, busy, unreadable } from '../job/accountFinding.js';
import { formatAmount, minorUnits } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type BookedHistory, bookedHistory, planSettlement, type SettlementJob } from './planSettlement.js';
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
