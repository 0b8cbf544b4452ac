import type { PaymentsRow } from '../../books/payments/paymentsReport.js';

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
