import type { RecordedActor } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { Fee } from '../../account/fee.js';
import { findCredit, findFee, type PatronAccount, positionOf } from '../../account/patronAccount.js';
import type { Refund } from '../../account/records.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { parseAmount } from '../../money/money.js';

/** The kinds of till movements. */
export const tillMovementKinds = ['gross', 'reversed', 'refunded', 'refundsReversed'] as const;

/**
 * The kind of a till movement.
 *
 * - `gross`: a payment was received.
 * - `reversed`: a payment was paid back, or never arrived (a bounced cheque).
 * - `refunded`: a credit was paid out.
 * - `refundsReversed`: a refund was returned.
 */
export type TillMovementKind = (typeof tillMovementKinds)[number];

/** Money that passed a till, for one fee, or without a fee for an overpayment. */
export type TillMovement = {
  /** The kind of the movement. */
  readonly kind: TillMovementKind;
  /** The amount, in integer minor units above 0. */
  readonly amount: number;
  /** Whether it is the first part of a payment. Payments are counted by their first part. */
  readonly startsPayment: boolean;
  /** The payment, the refund, or what reversed it. */
  readonly id: string;
  /** The version of the account at which it was recorded. */
  readonly version: number;
  /** When it happened. */
  readonly at: string;
  /** When it was recorded. */
  readonly recordedAt: string;
  /** The actor, with their place. */
  readonly by: RecordedActor | null;
  /** The code of the payment method. */
  readonly method: string;
  /** The code of the reason, or null. */
  readonly reason: string | null;
  /** The type of the fee, or null without a fee. */
  readonly feeType: string | null;
  /** The library that owns the fee or owes the credit; null without one. */
  readonly owner: string | null;
};

/**
 * Returns all money that passed a till for an account, in the stream's order. An event about several fees gives several
 * movements, which sum to its amount.
 *
 * @param events - events of an account
 * @param account - the account of these events
 */
export function tillMovements(events: readonly RecordedEvent[], account: PatronAccount): TillMovement[] {
  return events.flatMap(({ version, event, recordedAt }) => {
    const { at, by = null, reason = null } = event.data;
    const move = (kind: TillMovementKind, method: string, amount: string, about: About): TillMovement => ({
      kind,
      id: idOf(event),
      version,
      amount: parseAmount(amount, account.minorDigits),
      startsPayment: false,
      at,
      recordedAt,
      by,
      method,
      reason,
      ...about,
    });
    switch (event.type) {
      case 'PaymentReceived': {
        const { method, allocations, overpayment } = event.data;
        const parts = [
          ...allocations.map(({ feeId, amount }) => move('gross', method, amount, aboutFee(account, feeId))),
          ...(overpayment === undefined ? [] : [move('gross', method, overpayment.amount, NOTHING)]),
        ];
        return parts.map((part, index) => ({ ...part, startsPayment: index === 0 }));
      }
      case 'PaymentReversed': {
        const { method, allocations, overpayment, shortfall } = event.data;
        // A shortfall belongs to the overpayment too: it is the part that was used, and is charged again.
        const above = [overpayment?.amount, overpayment?.cancelled, shortfall?.amount];
        return [
          ...allocations.map(({ feeId, amount }) =>
            move('reversed', method, amount, aboutFee(account, feeId)),
          ),
          ...above.flatMap((amount) =>
            amount === undefined || parseAmount(amount, account.minorDigits) === 0
              ? []
              : [move('reversed', method, amount, NOTHING)],
          ),
        ];
      }
      case 'CreditRefunded': {
        const { method, amount, creditId } = event.data;
        return [move('refunded', method, amount, aboutCredit(account, creditId))];
      }
      case 'RefundReversed': {
        const { refundId, amount, creditId } = event.data;
        const { method } = account.refunds[positionOf(account, 'refund', refundId)] as Refund;
        return [move('refundsReversed', method, amount, aboutCredit(account, creditId))];
      }
      default:
        // The compiler requires a case for every event with a method.
        event.data satisfies { readonly at: string; readonly method?: never };
        return [];
    }
  });
}

/** Returns the id of a payment, of a refund, or of what reversed it. */
function idOf({ data }: AccountEvent): string {
  if ('reversalId' in data) return data.reversalId;
  if ('refundId' in data) return data.refundId;
  return 'paymentId' in data ? data.paymentId : '';
}

type About = Pick<TillMovement, 'feeType' | 'owner'>;

const NOTHING: About = { feeType: null, owner: null };

function aboutFee(account: PatronAccount, feeId: string): About {
  const { feeType, owner } = findFee(account, feeId) as Fee;
  return { feeType, owner };
}

/** A credit of a fee returns money of that fee; any other credit returns money that was never paid for a fee. */
function aboutCredit(account: PatronAccount, creditId: string): About {
  const { feeId, owner } = findCredit(account, creditId) as Credit;
  return feeId === null ? { feeType: null, owner } : aboutFee(account, feeId);
}
