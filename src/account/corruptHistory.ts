import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { shown } from '../input/shown.js';
import type { AccountEvent } from './events/accountEvent.js';

/**
 * The fault of an event that cannot follow the events before it: a fault of structure, never of policy.
 *
 * - `MalformedEvent`, `UnknownEventType`: the event does not have the shape of its type, or its type is unknown.
 * - `InvalidAmount`: not a decimal string with the decimals of the currency, or zero where an amount is required.
 * - `InvalidId`, `IdUsedTwice`: an id is not 1 to 190 characters long, or names something else in the account already.
 * - `OtherCommandWithThisId`: the events of one command id come from two different commands.
 * - `OtherCurrency`: not the currency of the account, or not an ISO 4217 code.
 * - `UnknownFee`, `UnknownCredit`, `UnknownPayment`, `UnknownWaiver`, `UnknownTransfer`, `UnknownSettlement`,
 *   `UnknownDispute`, `UnknownApplication`, `UnknownRefund`, `UnknownPaymentPlan`, `UnknownMerge`: the account does not
 *   have what the event names.
 * - `WrongFee`, `WrongCredit`, `WrongTransfer`: it exists, but does not belong to the other things that the event
 *   names.
 * - `NamedTwice`: a list names something twice.
 * - `AmountAboveWhatIsLeft`: the amount exceeds what is owed, unused or pending.
 * - `AmountsDoNotAddUp`: the parts do not add up to the amount, or there is no part.
 * - `AlreadyUndone`, `AlreadyReturned`, `AlreadyMerged`, `AlreadySeparated`: it happened before.
 * - `NotReturned`, `NoLostItem`: a credit of a return without the return, or of a fee that is not for a lost item.
 * - `NotAccruing`, `AccrualEndedBefore`, `AccruingLostItem`: the fee does not grow, no longer grows, or may not grow.
 * - `ForbiddenCredit`: the cause of a credit does not allow its purpose, fee or details.
 * - `ForbiddenPurpose`: the purpose of a credit does not allow this use.
 * - `InvalidReturnTerms`, `InvalidInstalments`, `InvalidPlanEnd`, `InvalidPurge`: data of the event is invalid.
 * - `PaymentPlanNotRunning`, `NotForPaymentPlan`: the plan has ended or is paid, or a fee cannot be in a plan.
 * - `TurnoverAboveSafeIntegers`: all amounts of the account together exceed 2^53 - 1 minor units.
 */
export type HistoryFault =
  | 'MalformedEvent'
  | 'UnknownEventType'
  | 'InvalidAmount'
  | 'InvalidId'
  | 'IdUsedTwice'
  | 'OtherCommandWithThisId'
  | 'OtherCurrency'
  | 'UnknownFee'
  | 'UnknownCredit'
  | 'UnknownPayment'
  | 'UnknownWaiver'
  | 'UnknownTransfer'
  | 'UnknownSettlement'
  | 'UnknownDispute'
  | 'UnknownApplication'
  | 'UnknownRefund'
  | 'WrongFee'
  | 'WrongCredit'
  | 'WrongTransfer'
  | 'NamedTwice'
  | 'AmountAboveWhatIsLeft'
  | 'AmountsDoNotAddUp'
  | 'AlreadyUndone'
  | 'AlreadyReturned'
  | 'NotReturned'
  | 'NoLostItem'
  | 'NotAccruing'
  | 'AccrualEndedBefore'
  | 'AccruingLostItem'
  | 'ForbiddenCredit'
  | 'ForbiddenPurpose'
  | 'InvalidReturnTerms'
  | 'UnknownPaymentPlan'
  | 'PaymentPlanNotRunning'
  | 'NotForPaymentPlan'
  | 'InvalidInstalments'
  | 'InvalidPlanEnd'
  | 'AlreadyMerged'
  | 'UnknownMerge'
  | 'AlreadySeparated'
  | 'InvalidPurge'
  | 'TurnoverAboveSafeIntegers';

/**
 * Throws the error for an event that cannot follow the events before it. {@link historyError} adds the event.
 *
 * @throws {@link PatronFeesError} `CORRUPT_HISTORY` with `fault`, `expected` and `found` in `details`
 */
export function corrupt(fault: HistoryFault, expected: unknown, found: unknown): never {
  throw new PatronFeesError('CORRUPT_HISTORY', explain(fault, expected, found), { fault, expected, found });
}

function explain(fault: unknown, expected: unknown, found: unknown): string {
  return `${fault}: expected ${shown(expected)}, found ${shown(found)}`;
}

/**
 * The error for an event that cannot be folded: a {@link HistoryFault} with the event's position (1 is the stream's
 * first event) and type. Any other failure is reported as `MalformedEvent`, because malformed data makes the reducer
 * throw errors of other kinds. An error that has a position already, or no fault, is returned unchanged.
 *
 * @param thrown - what the reducer threw
 * @param eventsBefore - the number of events before this one
 * @param event - the event that cannot be folded
 * @param stream - the name of the stream, for the message and `details.stream`
 * @returns an error with the code `CORRUPT_HISTORY`; or `thrown` itself, see above
 *
 * @example
 * ```ts
 * import { historyError } from 'patron-fees';
 *
 * const event = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } } as const;
 * const { code, details } = historyError(new TypeError('not iterable'), 2, event);
 * [code, details.fault, details.position]; //=> ['CORRUPT_HISTORY', 'MalformedEvent', 3]
 * ```
 */
export function historyError(
  thrown: unknown,
  eventsBefore: number,
  event: AccountEvent,
  stream?: string,
): PatronFeesError {
  const { fault, expected, found } = isPatronFeesError(thrown) ? thrown.details : malformed(thrown);
  if (isPatronFeesError(thrown) && (fault === undefined || 'position' in thrown.details)) return thrown;
  const position = eventsBefore + 1;
  const eventType = readOrUndefined(() => event?.type);
  const message = `event ${position} (${shown(eventType)}): ${explain(fault, expected, found)}`;
  const details = { fault, position, eventType, expected, found };
  if (stream === undefined) return new PatronFeesError('CORRUPT_HISTORY', message, details);
  return new PatronFeesError('CORRUPT_HISTORY', `${stream}: ${message}`, { ...details, stream });
}

/** The fault of an event that makes the reducer throw any other error. */
function malformed(thrown: unknown) {
  return { fault: 'MalformedEvent', expected: 'an event', found: readOrUndefined(() => String(thrown)) };
}

/** Returns undefined if reading throws. */
function readOrUndefined(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
