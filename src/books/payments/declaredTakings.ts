import { compareInstants } from '../../history/instants.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { TillSession } from '../../office/till/till.js';
import type { MethodAmount } from '../../office/till/tillCommands.js';
import type { TillMovement, TillMovementKind } from './tillMovements.js';

/** How long before a closing is recorded its takings may have been read. */
const MARGIN_MS = 15 * 60_000;

/** What a session's closing declares of one method, beside what is recorded. In minor units. */
export type DeclaredTakings = {
  /** The method. */
  readonly method: string;
  /** What the closing says that the session took. */
  readonly declared: bigint;
  /** What is recorded for the session. */
  readonly recorded: bigint;
  /** What was recorded before the takings were declared, and is not declared: 0 or more. */
  readonly undeclared: bigint;
  /** What was recorded afterwards: all that is neither declared nor undeclared. */
  readonly later: bigint;
  /** The amount of it that no surplus of the count covers: 0 or more. */
  readonly uncovered: bigint;
};

/** The instants of a closing, between which it may not have known what was recorded. */
type Limits = { readonly said: string | null; readonly latest: string; readonly closedAt: string };

/** What was recorded of a session by one method, in minor units: before each of the instants, and until now. */
type Recorded = { said: bigint; latest: bigint; closed: bigint; now: bigint };

const NOTHING: Recorded = { said: 0n, latest: 0n, closed: 0n, now: 0n };

/**
 * Compares what closings declare with what is recorded for their sessions. Keeps four sums for each session and method.
 *
 * @param closings - the sessions that are closed, with the time at which the closing was recorded
 * @param methods - the methods that are compared; all if left out
 */
export function declaredTakings(
  closings: readonly { readonly session: TillSession; readonly closedAt: string }[],
  methods?: readonly string[],
): {
  /** Adds the movements of an account. */
  readonly add: (movements: readonly TillMovement[]) => void;
  /** Returns the methods of a session that its closing has or that have money. */
  readonly of: (session: TillSession) => readonly DeclaredTakings[];
} {
  const limits = new Map(
    closings.map(({ session, closedAt }) => [session.sessionId, limitsOf(session, closedAt)]),
  );
  const sums = new Map<string, Map<string, Recorded>>();
  return {
    add: (movements) => {
      for (const { by, method, kind, amount, recordedAt } of movements) {
        const limit = limits.get(by?.tillSession ?? '');
        if (limit === undefined || methods?.includes(method) === false) continue;
        const sessionId = by?.tillSession as string;
        const ofSession = sums.get(sessionId) ?? new Map<string, Recorded>();
        const sum = ofSession.get(method) ?? { ...NOTHING };
        const net = signs[kind] * BigInt(amount);
        sum.now += net;
        if (compareInstants(recordedAt, limit.closedAt) < 0) sum.closed += net;
        if (compareInstants(recordedAt, limit.latest) < 0) sum.latest += net;
        if (limit.said !== null && compareInstants(recordedAt, limit.said) < 0) sum.said += net;
        sums.set(sessionId, ofSession.set(method, sum));
      }
    },
    of: (session) =>
      compared(session, sums.get(session.sessionId), limits.get(session.sessionId)).filter(
        ({ method }) => methods?.includes(method) !== false,
      ),
  };
}

function compared(
  { closing }: TillSession,
  sums: ReadonlyMap<string, Recorded> | undefined,
  limits: Limits | undefined,
): readonly DeclaredTakings[] {
  if (closing === null || limits === undefined) return [];
  const all = new Set([...closing.counts.map(({ method }) => method), ...(sums?.keys() ?? [])]);
  return Array.from(all, (method) => {
    const count = closing.counts.find((one) => one.method === method);
    const declared = minorUnits(count?.takings ?? '0');
    const { said, latest, closed, now } = sums?.get(method) ?? NOTHING;
    const surplus = positive(minorUnits(count?.difference ?? '0'));
    // What was undone before the closing was recorded is no longer missing.
    const known = lesser(latest, closed);
    // What came between the report and the closing was perhaps counted, although the report does not have it.
    const between = lesser(surplus, positive(known - (limits.said === null ? known : said)));
    const undeclared = positive(known - declared - between);
    const later = now - declared - undeclared;
    return { method, declared, recorded: now, undeclared, later, uncovered: positive(later - surplus) };
  });
}

/** A report cannot be later than the closing. One that is older than the margin counts as exactly that old. */
function limitsOf({ closing }: TillSession, closedAt: string): Limits {
  const margin = new Date(Date.parse(closedAt) - MARGIN_MS).toISOString();
  const said = closing?.takenUntil ?? null;
  if (said === null || compareInstants(said, margin) <= 0) return { said, latest: margin, closedAt };
  const latest = compareInstants(said, closedAt) < 0 ? said : closedAt;
  return { said: latest, latest, closedAt };
}

/** Returns what the other methods of a session declare too much, for the method that declares too little. */
export function declaredTooMuch(
  takings: readonly DeclaredTakings[],
  method: string,
  digits: number,
): readonly MethodAmount[] {
  return takings
    .filter((other) => other.method !== method && other.later < 0n)
    .map((other) => ({ method: other.method, amount: formatAmount(-other.later, digits) }));
}

function positive(amount: bigint): bigint {
  return amount > 0n ? amount : 0n;
}

function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

const signs: Readonly<Record<TillMovementKind, bigint>> = {
  gross: 1n,
  reversed: -1n,
  refunded: -1n,
  refundsReversed: 1n,
};
