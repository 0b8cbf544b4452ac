import { isAccruing } from '../../account/accrual.js';
import { unused } from '../../account/credit.js';
import type { AccountEvent, EventIds } from '../../account/events/accountEvent.js';
import { remaining } from '../../account/fee.js';
import type { IdKind } from '../../account/ids.js';
import {
  findCredit,
  findFee,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import { planOwed, planStatus } from '../../account/paymentPlan.js';

/**
 * Why a fee or a credit has not been settled for long enough.
 *
 * - `FeeOpen`: something remains of the fee.
 * - `CreditOpen`: a part of the credit is unused.
 * - `TransferPending`: an external billing system has not reported payment yet.
 * - `FineGrowing`: the fine of a loan that still grows.
 * - `PlanRunning`: the fee is in a payment plan that is not fully paid.
 * - `TillOpen`: its money was taken in a till session that is not closed yet.
 * - `TooRecent`: it is settled, but its last event is not old enough.
 */
export type RetentionReason =
  | 'FeeOpen'
  | 'CreditOpen'
  | 'TransferPending'
  | 'FineGrowing'
  | 'PlanRunning'
  | 'TillOpen'
  | 'TooRecent';

/** A row with texts: a fee, a credit, or the account itself, such as the note of a merge. */
export type RetentionRow = {
  /** Which of them it is. */
  readonly kind: 'fee' | 'credit' | 'account';
  /** Its id; of the account, the patron's. */
  readonly id: string;
};

/** A fee, a credit or an account with texts that are kept, and why. */
export type RetainedRow = RetentionRow & {
  /** The first reason that applies. */
  readonly because: RetentionReason;
};

/** An account with the events that it was folded from. */
type Folded = {
  readonly patronId: string;
  readonly account: PatronAccount;
  readonly events: readonly AccountEvent[];
};

/** What decides whether rows are settled. */
export type RetentionTerms = {
  /** The last instant at which an event is old enough, in milliseconds. */
  readonly untilMs: number;
  /** The till sessions that are open. */
  readonly openSessions: ReadonlySet<string>;
};

/** The rows of each event, and why a row is kept. */
export type SettledRows = {
  /** Returns the rows that an event is about; of a merge, the account. */
  readonly rowsOf: (event: AccountEvent) => readonly RetentionRow[];
  /** Returns why a row is kept; null if it has been settled for long enough. */
  readonly reasonOf: (row: RetentionRow) => RetentionReason | null;
};

/** Finds the rows of an account that have been settled for long enough. */
export function settledRows(
  { patronId, account, events }: Folded,
  { untilMs, openSessions }: RetentionTerms,
): SettledRows {
  const last = new Map<string, number>();
  const inOpenTill = new Set<string>();
  const rowsOf = new Map<AccountEvent, readonly RetentionRow[]>();
  const running = account.paymentPlans.filter(
    (plan) => planStatus(plan, planOwed(account, plan)) === 'running',
  );
  const runningPlans = new Set<string | null>(running.map(({ planId }) => planId));
  for (const event of events) {
    const found = rowsOfEvent(event, account);
    const rows = found.length > 0 ? found : [{ kind: 'account', id: patronId } as const];
    rowsOf.set(event, rows);
    const { at, by } = event.data;
    for (const row of rows) {
      const key = keyOf(row);
      last.set(key, Math.max(last.get(key) ?? Number.NEGATIVE_INFINITY, Date.parse(at)));
      if (by?.tillSession !== undefined && openSessions.has(by.tillSession)) inOpenTill.add(key);
    }
  }
  return {
    rowsOf: (event) => rowsOf.get(event) ?? [],
    reasonOf: (row) => {
      const open = openReason(row, account, runningPlans);
      if (open !== null) return open;
      if (inOpenTill.has(keyOf(row))) return 'TillOpen';
      return (last.get(keyOf(row)) as number) > untilMs ? 'TooRecent' : null;
    },
  };
}

function keyOf({ kind, id }: RetentionRow): string {
  return `${kind}\u0000${id}`;
}

/** Returns why a row is open; null if it is settled. */
function openReason(
  { kind, id }: RetentionRow,
  account: PatronAccount,
  runningPlans: ReadonlySet<string | null>,
): RetentionReason | null {
  if (kind === 'account') return null;
  const row = kind === 'fee' ? findFee(account, id) : findCredit(account, id);
  if (row === undefined) return null;
  if ('creditId' in row) {
    if (unused(row) > 0) return 'CreditOpen';
  } else {
    if (isAccruing(row)) return 'FineGrowing';
    if (remaining(row) > 0) return 'FeeOpen';
    if (runningPlans.has(row.planId)) return 'PlanRunning';
  }
  return row.transferPending > 0 ? 'TransferPending' : null;
}

/** Returns the fees and credits that an event of an account is about, each once. */
function rowsOfEvent({ data }: AccountEvent, account: PatronAccount): readonly RetentionRow[] {
  const ids = data as EventIds;
  const record = <Row>(list: readonly Row[], kind: IdKind, id: string | undefined): Row | undefined =>
    id === undefined ? undefined : list[positionOf(account, kind, id)];
  const payment = record(account.payments, 'payment', ids.paymentId);
  const waiver = record(account.waivers, 'waiver', ids.waiverId);
  const settlement = record(account.settlements, 'settlement', ids.settlementId);
  const transfer = findTransfer(account, ids.transferId ?? settlement?.transferId ?? '');
  const application = record(account.applications, 'application', ids.applicationId);
  const refund = record(account.refunds, 'refund', ids.refundId);
  const plan = record(account.paymentPlans, 'paymentPlan', ids.planId);
  const feeIds = [
    ids.feeId,
    waiver?.feeId,
    transfer?.feeId,
    ids.shortfall?.feeId,
    ...(ids.feeIds ?? []),
    ...(plan?.feeIds ?? []),
    ...[ids, payment, application].flatMap((one) => one?.allocations ?? []).map(({ feeId }) => feeId),
  ];
  const creditIds = [
    ids.creditId,
    transfer?.creditId,
    application?.creditId,
    refund?.creditId,
    ids.shortfall?.creditId,
    ...[ids, payment].map((one) => one?.overpayment?.creditId),
    ...[ids, settlement].map((one) => one?.surplus?.creditId),
    ...(ids.setOff ?? []).map(({ creditId }) => creditId),
  ];
  // An event on a credit changes the fee that the credit comes from.
  const ofCredits = creditIds
    .map((id) => findCredit(account, id ?? ''))
    .filter((credit) => credit !== undefined);
  feeIds.push(...ofCredits.flatMap((credit) => [credit.feeId, ...credit.shortfallFeeIds]));
  return [...rows('fee', feeIds), ...rows('credit', creditIds)];
}

function rows(kind: RetentionRow['kind'], ids: readonly (string | null | undefined)[]): RetentionRow[] {
  const known = ids.filter((id) => id !== null && id !== undefined);
  return [...new Set(known)].map((id) => ({ kind, id: id as string }));
}
