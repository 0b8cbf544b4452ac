import type { DeclaredTakings } from '../../books/payments/declaredTakings.js';
import type { PaymentsRow } from '../../books/payments/paymentsReport.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { TillSession } from '../../office/till/till.js';

/** One method of one session. Amounts are decimal strings; those of the count are null while the till is open. */
export type TillReportRow = {
  /** The till. */
  readonly till: string;
  /** The session. */
  readonly sessionId: string;
  /** When the till was opened. */
  readonly openedAt: string;
  /** Who opened it. */
  readonly openedBy: string;
  /** When it was closed; null while it is open. */
  readonly closedAt: string | null;
  /** Who closed it; null while it is open. */
  readonly closedBy: string | null;
  /** The payment method. */
  readonly method: string;
  /** The float, for the method of the float; else zero. */
  readonly float: string;
  /** The money put in less the money taken out during the session, for the method of the float; else zero. */
  readonly moved: string;
  /** The number of payments that are now recorded for the session, by this method. */
  readonly payments: number;
  /** What is now recorded for the session by this method. */
  readonly takings: string;
  /** takings less those that the closing declares and `undeclared`: money recorded for the session afterwards. */
  readonly recordedLater: string | null;
  /** What was expected at the close. */
  readonly expected: string | null;
  /** What was counted. */
  readonly counted: string | null;
  /** counted - expected: over if above 0, short if below. */
  readonly difference: string | null;
  /** The deposit. */
  readonly deposit: string | null;
  /** The reference of the deposit. */
  readonly depositReference: string | null;
  /** What was recorded before the takings were read, and is not declared at the close; see {@link TakingsFinding}. */
  readonly undeclared: string | null;
};

/**
 * Returns the rows of a session: one for the method of its float, each that was counted, and each that is now recorded
 * for it.
 *
 * @param taken - what is now recorded for the session, by method
 * @param declared - its declared takings beside what was recorded, as far as they are compared
 * @param digits - of the currency
 */
export function rowsOfSession(
  till: string,
  session: TillSession,
  taken: readonly PaymentsRow[],
  declared: readonly DeclaredTakings[],
  digits: number,
): TillReportRow[] {
  const { closing, floatMethod } = session;
  const counts = closing?.counts ?? [];
  const methods = new Set([
    floatMethod,
    ...counts.map(({ method }) => method),
    ...taken.map(({ method }) => method as string),
  ]);
  const zero = formatAmount(0, digits);
  return Array.from(methods, (method) => {
    const now = taken.find((row) => row.method === method);
    const count = counts.find((one) => one.method === method);
    const isDrawer = method === floatMethod;
    const takings = now?.net ?? zero;
    const known = minorUnits(count?.takings ?? zero);
    const undeclared = declared.find((one) => one.method === method)?.undeclared ?? 0n;
    return {
      till,
      sessionId: session.sessionId,
      openedAt: session.openedAt,
      openedBy: session.openedBy.userId,
      closedAt: closing?.closedAt ?? null,
      closedBy: closing?.closedBy.userId ?? null,
      method,
      float: isDrawer ? session.float : zero,
      moved: isDrawer
        ? formatAmount(minorUnits(session.movedIn) - minorUnits(session.movedOut), digits)
        : zero,
      payments: now?.payments ?? 0,
      takings,
      recordedLater: closing === null ? null : formatAmount(minorUnits(takings) - known - undeclared, digits),
      expected: count?.expected ?? null,
      counted: count?.counted ?? null,
      difference: count?.difference ?? null,
      deposit: count?.deposit ?? null,
      depositReference: closing?.depositReference ?? null,
      undeclared: closing === null ? null : formatAmount(undeclared, digits),
    };
  });
}
