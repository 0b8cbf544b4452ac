import { rejectionText } from '../account/rejections/rejectionText.js';
import type { UnrecordedPart } from '../office/onlinePayments/onlineParts.js';
import type { OnlinePaymentRecorded } from '../office/onlinePayments/onlinePaymentEvents.js';
import { englishOnlineRejections, type ReportRejection } from './onlineRejections.js';
import type { WaitingPart } from './record/recordParts.js';

/** What a person must look at in an online payment. */
export type OnlineFinding = {
  /** The institution. */
  readonly institution: string;
  /** The online payment; null if a row of a payout names none. */
  readonly onlinePaymentId: string | null;
  /**
   * What it is.
   *
   * - `TAKEN_NOT_RECORDED`, `RETURNED_NOT_RECORDED`: an account cannot record its part; the message has the reason.
   * - `REPORT_REFUSED`: what the provider says contradicts what is recorded, e.g. another amount or currency.
   * - `RECORDED_TOO_MUCH`: another program recorded more of a transaction in an account than the account's part,
   *   and it is not reversed.
   * - `RECORD_LOST`: the office has it as recorded, and the account does not have it: it was restored from an older backup.
   *   `settleOnlinePart` with `record` records it anew, under the same id.
   * - `RETURNED_TOO_MUCH`: staff entered more under the id of a refund or chargeback than went back. What is
   *   too much is paid in again, with the method and the id of the return; a refund that is wrong as a whole is reversed.
   * - `REVERSED_NOT_RETURNED`: staff reversed more of a capture by hand than went back, so that `cash` says less than
   *   the provider owes: until a return comes up to it, or `settleOnlinePart` with `reversed`.
   * - `CAPTURED_ABOVE_TOTAL`: more was taken than was asked for and returned; until payouts have all of it.
   * - `ASK_FAILED`: the provider could not be asked; the next run asks again.
   * - `NEVER_FINAL`: the provider has not said for a long time that nothing more will be taken, and is not asked any
   *   more.
   * - `CORRUPT_HISTORY`, `INVALID_EVENT`: the payment cannot be read.
   * - `UNKNOWN_PAYMENT`: a row of a payout belongs to no online payment.
   * - `PERHAPS_REPORTED`: a row of a payout has a capture that nobody reported, and its payment another one of the same
   *   amount that is in no payout: perhaps the same, reported by another id. Nothing is recorded.
   * - `NOT_PAID_OUT`: a capture or return is in no payout for days.
   * - `AMOUNT_DIFFERS`, `PAID_OUT_TWICE`: the rows of a transaction are not what was charged or returned.
   * - `CURRENCY_DIFFERS`: a row is in another currency than the payment.
   * - `ROW_CHANGED`: a row was recorded before with other content.
   * - `UNREADABLE_ROW`: a row of the report cannot be read.
   */
  readonly code:
    | 'TAKEN_NOT_RECORDED'
    | 'RETURNED_NOT_RECORDED'
    | 'REPORT_REFUSED'
    | 'RECORDED_TOO_MUCH'
    | 'RECORD_LOST'
    | 'RETURNED_TOO_MUCH'
    | 'REVERSED_NOT_RETURNED'
    | 'CAPTURED_ABOVE_TOTAL'
    | 'ASK_FAILED'
    | 'NEVER_FINAL'
    | 'CORRUPT_HISTORY'
    | 'INVALID_EVENT'
    | 'UNKNOWN_PAYMENT'
    | 'PERHAPS_REPORTED'
    | 'NOT_PAID_OUT'
    | 'AMOUNT_DIFFERS'
    | 'PAID_OUT_TWICE'
    | 'CURRENCY_DIFFERS'
    | 'ROW_CHANGED'
    | 'UNREADABLE_ROW';
  /** The finding in one sentence, and what to do. */
  readonly message: string;
  /** The patron of the account; left out if it is about no single account. */
  readonly patronId?: string;
  /** The provider's id of the capture or of the return; left out if it is about none. */
  readonly externalTransactionId?: string;
  /** What is kept, for `settleOnlineReport`; left out if nothing is. */
  readonly keptId?: string;
};

/** The payment that a finding is about. */
export type FindingOf = Pick<OnlineFinding, 'institution' | 'onlinePaymentId'>;

/** Returns the finding for money that an account has not recorded. */
export function waitingFinding(
  of: FindingOf,
  { kind, patronId, externalTransactionId, amount, currency, because }: WaitingPart,
): OnlineFinding {
  const isTaken = kind === 'capture';
  const what = `${amount} ${currency} of ${externalTransactionId} was ${isTaken ? 'taken' : 'given back'} and is not recorded`;
  const reason = because.type === 'AccountUnreadable' ? because.message : because.type;
  const advice = adviceFor(kind, because.type);
  const code = isTaken ? 'TAKEN_NOT_RECORDED' : 'RETURNED_NOT_RECORDED';
  return { ...of, code, patronId, externalTransactionId, message: `${what} (${reason}): ${advice}` };
}

function adviceFor(kind: UnrecordedPart['kind'], because: WaitingPart['because']['type']): string {
  if (because === 'AccountUnreadable') return 'repair the account, and the next run records it';
  if (because === 'OtherAccountUnreadable')
    return 'repair the other account of the payment, and the next run records it';
  if (because === 'AfterSettled')
    return 'the patron may have had it back in cash: say `apart` or `record` (settleOnlinePart)';
  if (because === 'AccountBusy') return 'the next run tries again';
  if (because === 'AccountInOtherCurrency') return 'run it with a policy in the currency of the account';
  if (kind === 'capture') return 'remove the reason, and the next run records it';
  if (because === 'CreditInUse')
    return 'the credit that it became is spent: run it with a policy whose `onlinePayments` has a shortfall fee';
  return because === 'PaymentNotFound'
    ? 'the account no longer has the payment: charge a fee if the patron owes it again'
    : 'if staff had handed it back otherwise, undo that; the next run records it';
}

/** Returns the finding for money that the office has as recorded and an account does not have. */
export function lostFinding(
  of: FindingOf,
  { kind, patronId, externalTransactionId, amount, currency }: OnlinePaymentRecorded['data'],
): OnlineFinding {
  const what = `${amount} ${currency} of ${externalTransactionId} was ${kind === 'capture' ? 'taken' : 'given back'} and recorded`;
  const message = `${what}, and the account ${patronId} does not have it, as after a restore from an older backup: record it anew (\`record\` of settleOnlinePart)`;
  return { ...of, code: 'RECORD_LOST', patronId, externalTransactionId, message };
}

/** Returns the finding for a part of a report that is refused. */
export function refusedFinding(of: FindingOf, rejection: ReportRejection): OnlineFinding {
  const id = 'externalTransactionId' in rejection && {
    externalTransactionId: rejection.externalTransactionId,
  };
  const said = rejectionText(rejection, { words: englishOnlineRejections });
  const message = `${said} Compare it with the provider's page.`;
  return { ...of, code: 'REPORT_REFUSED', ...id, message };
}

/** Returns the finding for a payment of which the provider does not say that nothing more will be taken. */
export function neverFinal(of: FindingOf, askForDays: number): OnlineFinding {
  const message = `the provider has not said within ${askForDays} days that nothing more will be taken: look at its page, and report the end as final`;
  return { ...of, code: 'NEVER_FINAL', message };
}
