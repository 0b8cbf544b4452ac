import { type Fee, owed, parseLooseAmount, type Rejection, spread } from '../../src/index.js';
import { readFolioAmount } from './folioAmount.js';
import { type Desk, dollars, feeIdOf, feeOf, isWithinLimit } from './ourDesk.js';
import { refundableOf, refundCommands, totalOf } from './ourRefund.js';
import type { Request } from './scenario.js';

/** The external system of transfers that name none. */
export const USUAL_TARGET = 'Bursar';

/** A refusal by the library or, for a refund, by the desk. */
export type Refusal = Rejection | { readonly type: 'MoreThanCanBeGivenBack' };

/** Sends a request to the library: one or several of its commands, decided as one. */
export function perform(
  desk: Desk,
  op: string,
  request: Request,
  named: readonly string[],
): Refusal | undefined {
  const { amount = '', target = USUAL_TARGET, reason } = request;
  const feeIds = named.map(feeIdOf);
  switch (op) {
    case 'pay':
      return desk.ask({
        type: 'ReceivePayment',
        amount,
        method: request.method ?? 'CASH',
        feeIds,
        order: 'evenly',
      });
    case 'waive':
      return desk.ask({ type: 'WaiveFees', fees: partsOf(desk, amount, named), reason: reason ?? 'OTHER' });
    case 'transfer':
      return desk.ask({ type: 'TransferFees', fees: partsOf(desk, amount, named), destination: target });
    case 'cancel':
      return desk.ask(
        ...feeIds.map((feeId) => ({ type: 'CancelFee', feeId, ...(reason ? { reason } : {}) }) as const),
      );
    default:
      return refund(desk, amount, named);
  }
}

/**
 * Spreads an amount over fees like a payment. An amount that cannot be spread is requested for one fee, so that the
 * library itself refuses it.
 */
function partsOf(desk: Desk, amount: string, named: readonly string[]) {
  const fees = named.map((ref) => feeOf(desk.account(), ref));
  const room = fees.map((fee) => (fee === undefined ? 0 : owed(fee)));
  const cents = parseLooseAmount(amount, 2);
  const spreads = cents > 0 && cents <= sum(room) && fees.every((fee) => fee !== undefined);
  if (named.length === 1 || !spreads) {
    const asked = named[Math.max(0, fees.indexOf(undefined))] as string;
    return [{ feeId: feeIdOf(asked), amount }];
  }
  const shares = spread(cents, room, 'evenly');
  return named
    .map((ref, index) => ({ feeId: feeIdOf(ref), cents: shares[index] as number }))
    .filter((part) => part.cents > 0)
    .map((part) => ({ feeId: part.feeId, amount: dollars(part.cents) }));
}

function refund(desk: Desk, amount: string, named: readonly string[]): Refusal | undefined {
  const account = desk.account();
  const fees = named.map((ref) => feeOf(account, ref));
  const missing = named[fees.indexOf(undefined)];
  if (missing !== undefined) return { type: 'FeeNotFound', kind: 'notFound', feeId: feeIdOf(missing) };
  // The amount is checked first, before the payment, which does not exist.
  const refusal = desk.ask({ type: 'ReversePayment', paymentId: 'none', amount });
  if (refusal?.type === 'InvalidCommand') return refusal;
  const room = sum(fees.map((fee) => totalOf(refundableOf(account, fee as Fee))));
  if (parseLooseAmount(amount, 2) > room) return { type: 'MoreThanCanBeGivenBack' };
  return desk.ask(...refundCommands(account, named, amount));
}

/** FOLIO's word for a refusal. */
export function errorOf(refusal: Refusal, amount: string): string {
  switch (refusal.type) {
    case 'InvalidCommand':
      return errorOfAmount(amount);
    case 'FeeNotFound':
      return 'ACCOUNT_NOT_FOUND';
    case 'PaymentExceedsOwed':
      return refusal.owed === '0.00' ? 'ALREADY_CLOSED' : 'EXCEEDS_REMAINING';
    case 'WaiverExceedsOwed':
    case 'TransferExceedsOwed':
      return 'EXCEEDS_REMAINING';
    case 'NothingOwed':
    case 'NothingToCancel':
      return 'ALREADY_CLOSED';
    case 'MoreThanCanBeGivenBack':
      return 'EXCEEDS_REFUNDABLE';
    default:
      return refusal.type;
  }
}

/** Only in this library: an amount that FOLIO reads and rounds is refused as written. */
export const NOT_WRITTEN_LIKE_THIS = 'AMOUNT_NOT_WRITTEN_LIKE_THIS';

/** Only in this library: an amount with too many digits. */
export const TOO_LARGE = 'AMOUNT_TOO_LARGE';

function errorOfAmount(amount: string): string {
  const read = readFolioAmount(amount);
  if (read === undefined) return 'AMOUNT_INVALID';
  if (read.sign <= 0) return 'AMOUNT_NOT_POSITIVE';
  return isWithinLimit(amount) ? NOT_WRITTEN_LIKE_THIS : TOO_LARGE;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
