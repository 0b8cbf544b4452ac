import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { shown } from '../input/shown.js';
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
  throw faultError(eventsBefore, event, fault, expected, found);
}

/**
 * The one error for an event that does not fold, whatever was thrown: malformed data makes the reducer throw errors of
 * other kinds.
 *
 * @param stream - the name of the stream, for the message and `details.stream`
 */
export function historyError(
  thrown: unknown,
  eventsBefore: number,
  event: AccountEvent,
  stream?: string,
): PatronFeesError {
  const error = isPatronFeesError(thrown)
    ? thrown
    : faultError(
        eventsBefore,
        event,
        'MalformedEvent',
        'an event',
        quietly(() => String(thrown)),
      );
  if (stream === undefined) return error;
  const message = error.message.slice(`${error.code}: `.length);
  return new PatronFeesError(error.code, `${stream}: ${message}`, { ...error.details, stream });
}

function faultError(
  eventsBefore: number,
  event: AccountEvent,
  fault: HistoryFault,
  expected: unknown,
  found: unknown,
): PatronFeesError {
  const position = eventsBefore + 1;
  const eventType = quietly(() => event?.type);
  return new PatronFeesError(
    'CORRUPT_HISTORY',
    `event ${position} (${shown(eventType)}): ${fault}: expected ${shown(expected)}, found ${shown(found)}`,
    { fault, position, eventType, expected, found },
  );
}

/** Reads what may throw when it is read. */
function quietly(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
