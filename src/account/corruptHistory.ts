import { PatronFeesError } from '../errors.js';
import type { AccountEvent } from './events.js';

/** What can be wrong with an event in its place in a history. Faults of structure only, never of policy. */
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
  | 'UnknownDispute'
  | 'UnknownApplication'
  | 'UnknownRefund'
  | 'WrongFee'
  | 'WrongCredit'
  | 'NamedTwice'
  | 'AmountAboveWhatIsLeft'
  | 'AmountsDoNotAddUp'
  | 'AlreadyUndone'
  | 'AlreadyReturned'
  | 'NotReturned'
  | 'NoLostItem'
  | 'ForbiddenCredit'
  | 'ForbiddenPurpose'
  | 'ExternalTransactionUsedTwice'
  | 'TurnoverAboveSafeIntegers';

/**
 * Throws the error for an event that cannot follow the events before it.
 *
 * @throws {@link PatronFeesError} `CORRUPT_HISTORY` with `fault`, `position` (1 is the stream's first event),
 * `eventType`, `expected` and `found` in `details`
 */
export function corrupt(
  eventsBefore: number,
  event: AccountEvent,
  fault: HistoryFault,
  expected: unknown,
  found: unknown,
): never {
  const position = eventsBefore + 1;
  const eventType: unknown = event?.type;
  throw new PatronFeesError(
    'CORRUPT_HISTORY',
    `event ${position} (${shown(eventType)}): ${fault}: expected ${shown(expected)}, found ${shown(found)}`,
    { fault, position, eventType, expected, found },
  );
}

const SHOWN_LENGTH_MAX = 100;

/** Shows any value in a message, shortly and without running its code. */
export function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value).slice(0, SHOWN_LENGTH_MAX);
  }
  return value === null ? 'null' : typeof value;
}
