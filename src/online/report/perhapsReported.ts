import { amountIn, type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentCaptured } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { PerhapsReported } from '../onlineRejections.js';

type Capture = Pick<OnlinePaymentCaptured['data'], 'externalTransactionId' | 'rowId' | 'amount'>;

/** How a capture comes to be recorded. */
export type HowCaptured = {
  /**
   * Whether it is recorded because of a row of a payout, which is its own.
   *
   * @defaultValue whether it was first reported from one
   */
  readonly isOfRow?: boolean;
  /** The captures of the same report: they are others. */
  readonly together?: readonly Pick<Capture, 'externalTransactionId'>[];
  /** The capture of which it came back: another one. */
  readonly except?: string | undefined;
};

/**
 * Returns why a capture is not recorded: the payment has one of the same amount, or more than its total would be taken, so
 * that the program may have reported that one by another id than its row has. Of two that a program reports, none is the
 * other; nor of two that are in payouts. What comes back after all of it went back has its amount, too: its own row
 * records it. Pure.
 */
export function perhapsReported(
  payment: OnlinePayment,
  capture: Capture,
  { isOfRow = capture.rowId !== undefined, together = [], except }: HowCaptured,
): PerhapsReported | undefined {
  const { externalTransactionId, amount, rowId } = capture;
  const isOther = (one: OnlinePaymentCaptured['data']): boolean =>
    isOfRow
      ? (one.rowId ?? rowId) === undefined ||
        one.externalTransactionId === except ||
        isPaidOut(payment, one, rowId)
      : one.rowId === undefined ||
        together.some((other) => other.externalTransactionId === one.externalTransactionId);
  const captured = amountIn(payment.captures) - amountIn(payment.returns) + units(amount);
  const isAbove = captured > units(payment.total);
  const found = payment.captures.find((one) => (isAbove || one.amount === amount) && !isOther(one));
  if (found === undefined) return undefined;
  const reported = found.externalTransactionId;
  return { type: 'PerhapsReported', kind: 'conflict', externalTransactionId, amount, reported };
}

/** Whether a capture is in a payout, with other rows than the one given. */
function isPaidOut({ payouts }: OnlinePayment, { externalTransactionId }: Capture, rowId?: string): boolean {
  const rows = payouts.filter(
    (one) => one.kind === 'capture' && one.externalTransactionId === externalTransactionId,
  );
  return rows.length > 0 && !rows.some((one) => one.rowId === rowId);
}
