import type { Actor } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { Fee } from '../../account/fee.js';
import { findCredit, findFee, type PatronAccount, positionOf } from '../../account/patronAccount.js';
import type { Refund } from '../../account/records.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { parseAmount } from '../../money/money.js';

/**
 * The ways in which money passes a till.
 *
 * - `gross`: a payment came in.
 * - `reversed`: a payment went out again, or never came (a bounced cheque).
 * - `refunded`: a credit was paid out.
 * - `refundsReversed`: a refund came back.
 */
export const tillMovementKinds = ['gross', 'reversed', 'refunded', 'refundsReversed'] as const;

/** One way in which money passes a till. */
export type TillMovementKind = (typeof tillMovementKinds)[number];

/** Money that passed a till, for one fee, or for none where it was above what was owed. */
export type TillMovement = {
  /** Which way it went. */
  readonly kind: TillMovementKind;
  /** How much, in integer minor units above 0. */
  readonly amount: number;
  /** Whether it is the first part of a payment: what the payment is counted by. */
  readonly startsPayment: boolean;
  /** When it happened. */
  readonly at: string;
  /** When it was recorded. */
  readonly recordedAt: string;
  /** Who did it, and where. */
  readonly by: Actor | null;
  /** How: a payment method's code. */
  readonly method: string;
  /** The type of the fee, or null: no fee in particular. */
  readonly feeType: string | null;
  /** The library that owns the fee, or owes the credit; null for none in particular. */
  readonly owner: string | null;
};

/**
 * All money that passed a till for an account, in the stream's order. What one event moves for several fees is as many
 * movements, which add up to its amount.
 *
 * @param events - events of an account
 * @param account - the account that they are part of
 */
export function tillMovements(events: readonly RecordedEvent[], account: PatronAccount): TillMovement[] {
  return events.flatMap(({ event, recordedAt }) => {
    const { at, by = null } = event.data;
    const move = (kind: TillMovementKind, method: string, amount: string, about: About): TillMovement => ({
      kind,
      amount: parseAmount(amount, account.minorDigits),
      startsPayment: false,
      at,
      recordedAt,
      by,
      method,
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
        // A shortfall is of the overpayment as well: what was used of it, and is charged anew.
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
        return [];
    }
  });
}

type About = Pick<TillMovement, 'feeType' | 'owner'>;

const NOTHING: About = { feeType: null, owner: null };

function aboutFee(account: PatronAccount, feeId: string): About {
  const { feeType, owner } = findFee(account, feeId) as Fee;
  return { feeType, owner };
}

/** A credit of a fee gives back that fee's money; another one, what was never any fee's. */
function aboutCredit(account: PatronAccount, creditId: string): About {
  const { feeId, owner } = findCredit(account, creditId) as Credit;
  return feeId === null ? { feeType: null, owner } : aboutFee(account, feeId);
}
