import type { AccountEvent } from '../account/events/accountEvent.js';
import { eventParser } from './eventParser.js';
import { eventFields, eventSchemas } from './eventSchemas.js';
import { retiredShapes } from './retiredShapes.js';

/** The parser of account events. */
export const accountEventParser = /* @__PURE__ */ eventParser<AccountEvent>({
  schemas: (digits) => eventSchemas(eventFields(digits)),
  retired: retiredShapes,
});

/**
 * Reads an event of any origin: from a database, a file, another program.
 *
 * Events of earlier releases are returned in the current shape. The function checks the event itself: its fields,
 * canonical amounts, existing dates. {@link index.fold | fold} checks whether it can follow the events before it.
 *
 * @param input - any value
 * @returns the event, a copy that shares nothing with the input
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` with all faults in `details.faults`
 *
 * @example
 * ```ts
 * import { parseEvent } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const event = parseEvent({ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } });
 * event.type; //=> 'FeeDisputed'
 * parseEvent({ type: 'FeeDisputed', data: { feeId: 'f1', at: '2026-02-30T09:00:00Z' } }); //=> throws INVALID_EVENT
 * ```
 */
export function parseEvent(input: unknown): AccountEvent {
  return accountEventParser.parse(input);
}
