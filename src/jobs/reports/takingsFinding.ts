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
