import { type DeclaredTakings, declaredTooMuch } from '../../books/payments/declaredTakings.js';
import type { PaymentsRow } from '../../books/payments/paymentsReport.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { TillSession } from '../../office/till/till.js';
import type { MethodAmount } from '../../office/till/tillCommands.js';

/**
 * Money of a session that is missing in its closing. Only the methods of the policy's `tillMethods` are checked, and no
 * session id that several tills have.
 *
 * - `UNDECLARED_TAKINGS`: the closing declares less than what was recorded before the takings were read (`takenUntil` of
 *   {@link CloseTill}, but at most 15 minutes before the closing was recorded).
 * - `TAKINGS_LATE`: it was recorded afterwards, and no surplus of the count covers it.
 */
export type TakingsFinding = {
  /** The kind of finding. */
  readonly code: 'UNDECLARED_TAKINGS' | 'TAKINGS_LATE';
  /** The till. */
  readonly till: string;
  /** Its session. */
  readonly sessionId: string;
  /** Who closed it. */
  readonly closedBy: string;
  /** The payment method. */
  readonly method: string;
  /** What the closing does not have, a decimal string above 0. */
  readonly amount: string;
  /** What the closing declares for the method. */
  readonly declared: string;
  /** What is now recorded for it: in the period, for money that came after a session of an earlier one. */
  readonly recorded: string;
  /** What the closing declares too much for other methods: perhaps the same money. */
  readonly declaredTooMuch: readonly MethodAmount[];
  /** The finding in one sentence. {@link reports.runPaymentsList | runPaymentsList} with `tillSessions` lists the payments. */
  readonly message: string;
};

/** Returns the findings of a closed session. */
export function takingsFindings(
  till: string,
  session: TillSession,
  takings: readonly DeclaredTakings[],
  digits: number,
): readonly TakingsFinding[] {
  const write = (minor: bigint) => formatAmount(minor, digits);
  return takings.flatMap(({ method, declared, recorded, undeclared, uncovered }) => {
    const known = {
      till,
      sessionId: session.sessionId,
      closedBy: session.closing?.closedBy.userId ?? '',
      method,
      declared: write(declared),
      recorded: write(recorded),
      declaredTooMuch: declaredTooMuch(takings, method, digits),
    };
    const name = `${method} of session ${session.sessionId}`;
    const [missing, late] = [write(undeclared), write(uncovered)];
    const findings: TakingsFinding[] = [];
    if (undeclared > 0n) {
      const message = `${missing} by ${name} is recorded, and not declared at its closing`;
      findings.push({ code: 'UNDECLARED_TAKINGS', amount: missing, ...known, message });
    }
    if (uncovered > 0n)
      findings.push({ code: 'TAKINGS_LATE', amount: late, ...known, message: lateText(late, name) });
    return findings;
  });
}

/** Returns the finding of money that was recorded in the period for a session that was closed before it. */
export function lateTakings(
  till: string,
  { sessionId, closing }: TillSession,
  { method = '', net }: PaymentsRow,
  digits: number,
): TakingsFinding | null {
  const count = closing?.counts.find((one) => one.method === method);
  const surplus = minorUnits(count?.difference ?? '0');
  const late = minorUnits(net) - (surplus > 0n ? surplus : 0n);
  if (closing === null || late <= 0n) return null;
  const amount = formatAmount(late, digits);
  return {
    code: 'TAKINGS_LATE',
    till,
    sessionId,
    closedBy: closing.closedBy.userId,
    method,
    amount,
    declared: count?.takings ?? formatAmount(0n, digits),
    recorded: net,
    declaredTooMuch: [],
    message: lateText(amount, `${method} of session ${sessionId}`),
  };
}

function lateText(amount: string, name: string): string {
  return `${amount} by ${name} was recorded after its takings were declared, and no surplus of the count covers it`;
}

/**
 * Money recorded for a session that no till has, for example because its id was mistyped. No row of the report has it.
 */
export type TillSessionUnknown = {
  /** The kind of finding. */
  readonly code: 'TILL_SESSION_UNKNOWN';
  /** The session that the payments name. */
  readonly sessionId: string;
  /** The payment method. */
  readonly method: string;
  /** The number of payments. */
  readonly payments: number;
  /** Payments less reversals less refunds, a decimal string. */
  readonly takings: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/** Returns the finding of a row of payments whose session no till has. */
export function unknownSession(
  { tillSession = null, method = '', payments, net: takings }: PaymentsRow,
  known: ReadonlyMap<string, unknown>,
): TillSessionUnknown | null {
  if (tillSession === null || known.has(tillSession)) return null;
  const message = `${takings} by ${method} are for the session ${tillSession}, which no readable till has`;
  return { code: 'TILL_SESSION_UNKNOWN', sessionId: tillSession, method, payments, takings, message };
}

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
