import * as v from 'valibot';
import { DAY_MS } from '../../input/instant.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import { latestUntil, pendingUntil } from '../../office/onlinePayments/onlinePaymentStatus.js';
import type { ChangedPayment, changedPayments } from './changedPayments.js';

/** What a run of the monitor hands on to the next one. */
export type MonitorCursor = {
  /** The store's cursor up to which all is read and finished, or named here; null for the beginning. */
  readonly after: string | null;
  /** The payments that are not finished, with the copies of events that could not be added to them. */
  readonly payments: readonly Pick<ChangedPayment, 'onlinePaymentId' | 'transactions'>[];
  /** What is kept and open. */
  readonly kept: readonly string[];
  /** The time of the last run that asked; null if none did. */
  readonly askedAt: string | null;
  /** The payments about which the last run could not ask. */
  readonly notAsked: readonly string[];
};

/** How many payments, and how many kept reports, a cursor names. */
const NAMED_MAX = 1_000;

const cursorSchema = v.object({
  after: v.nullable(v.string()),
  payments: v.array(
    v.union([
      v.string(),
      v.object({
        onlinePaymentId: v.string(),
        transactions: v.array(
          v.object({
            kind: v.picklist(['capture', 'return']),
            method: v.string(),
            externalTransactionId: v.string(),
          }),
        ),
      }),
    ]),
  ),
  kept: v.array(v.string()),
  askedAt: v.nullable(v.string()),
  notAsked: v.array(v.string()),
});

/** Reads a cursor of the monitor; one of the store, as earlier releases had it, names nothing. */
export function parseCursor(text: string | null | undefined): MonitorCursor {
  const none = { after: text ?? null, payments: [], kept: [], askedAt: null, notAsked: [] };
  if (text == null || !text.startsWith('{')) return none;
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch {
    return none;
  }
  const read = v.safeParse(cursorSchema, plain);
  if (!read.success) return none;
  const payments = read.output.payments.map((one) =>
    typeof one === 'string' ? { onlinePaymentId: one, transactions: [] } : one,
  );
  return { ...read.output, payments };
}

/** Writes a cursor. */
function cursorText({ payments, ...cursor }: MonitorCursor): string {
  const named = payments.map(({ onlinePaymentId, transactions }) =>
    transactions.length === 0 ? onlinePaymentId : { onlinePaymentId, transactions },
  );
  return JSON.stringify({ ...cursor, payments: named });
}

const MINUTE_MS = 60_000;

/** When after its expiry the provider is asked about a payment, within the first day. */
const FIRST_MINUTES = [0, 5, 15, 45, 120, 360];

/** When the provider is asked about a payment for the last time, in milliseconds; a debit under way counts. */
function lastAskMs(payment: OnlinePayment, at: string, askForDays: number): number {
  const until = pendingUntil(payment, at) ?? latestUntil(payment.pendings) ?? payment.expiresAt;
  return Math.max(Date.parse(payment.expiresAt), Date.parse(until)) + askForDays * DAY_MS;
}

/** Whether the provider is not asked about a payment any more. */
export function isAskedNoMore(payment: OnlinePayment, at: string, askForDays: number): boolean {
  return Date.parse(at) > lastAskMs(payment, at, askForDays);
}

/**
 * Whether a run asks about a payment: one of the moments of asking is after the last run that asked and not after its
 * own time.
 *
 * @param askedAt - the time of the last run that asked; null asks always
 */
export function isAskedNow(
  payment: OnlinePayment,
  {
    at,
    askedAt,
    askForDays,
  }: { readonly at: string; readonly askedAt: string | null; readonly askForDays: number },
): boolean {
  const expiryMs = Date.parse(payment.expiresAt);
  const atMs = Date.parse(at);
  if (atMs < expiryMs) return false;
  const lastMs = askedAt === null ? null : lastRunMs(askedAt, atMs);
  if (lastMs === null) return true;
  const isBetween = (ms: number) => ms > lastMs && ms <= atMs;
  const endMs = Math.min(atMs, lastAskMs(payment, at, askForDays));
  const latestDay = expiryMs + Math.floor((endMs - expiryMs) / DAY_MS) * DAY_MS;
  return FIRST_MINUTES.some((minutes) => isBetween(expiryMs + minutes * MINUTE_MS)) || isBetween(latestDay);
}

/** Returns the time of the last run; null if it is more than a day ahead: that clock was wrong. */
function lastRunMs(askedAt: string, atMs: number): number | null {
  const ms = Date.parse(askedAt);
  return Number.isNaN(ms) || ms > atMs + DAY_MS ? null : ms;
}

/** Returns the time of the last run that asked, for the next cursor: a slow clock asks nothing twice. */
function laterAsk(askedAt: string | null, at: string): string {
  const ms = askedAt === null ? null : lastRunMs(askedAt, Date.parse(at));
  return ms !== null && ms > Date.parse(at) ? (askedAt as string) : at;
}

/** Returns the payments that the cursor names, then those with events since. */
export function withNamed(
  named: MonitorCursor['payments'],
  changed: readonly ChangedPayment[],
): readonly ChangedPayment[] {
  const found = new Map<string, ChangedPayment>();
  for (const { onlinePaymentId, transactions } of named)
    found.set(onlinePaymentId, { onlinePaymentId, before: undefined, patronId: undefined, transactions });
  for (const one of changed) {
    const transactions = [...(found.get(one.onlinePaymentId)?.transactions ?? []), ...one.transactions];
    found.set(one.onlinePaymentId, { ...one, transactions });
  }
  return [...found.values()];
}

/** Returns the cursor for the next run: it names what is not finished, and stands before what it cannot name. */
export function nextCursor(
  before: MonitorCursor,
  { pages, payments, kept, cursor }: Awaited<ReturnType<typeof changedPayments>>,
  left: {
    readonly payments: readonly ChangedPayment[];
    readonly kept: readonly string[];
    readonly notAsked: readonly string[];
    /** The time of this run if it asked; null if it did not. */
    readonly at: string | null;
  },
): string {
  const first = new Map(payments.map((one) => [one.onlinePaymentId, one.before]));
  const others = new Set([
    ...left.payments.slice(NAMED_MAX).map(({ onlinePaymentId }) => first.get(onlinePaymentId)),
    ...left.kept.slice(NAMED_MAX).map((keptId) => kept.get(keptId)),
  ]);
  const after = others.size === 0 ? cursor : (pages.find((page) => others.has(page)) ?? null);
  // Who could not be asked, and is not named here, is asked by the moments since the run before.
  const isAsked = left.at !== null && left.notAsked.length <= NAMED_MAX;
  return cursorText({
    after,
    payments: left.payments.slice(0, NAMED_MAX),
    kept: left.kept.slice(0, NAMED_MAX),
    askedAt: isAsked ? laterAsk(before.askedAt, left.at as string) : before.askedAt,
    notAsked: left.notAsked.slice(0, NAMED_MAX),
  });
}
