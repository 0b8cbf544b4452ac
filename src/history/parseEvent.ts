import * as v from 'valibot';
import type { AccountEvent } from '../account/events.js';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf, faultText, MISSING } from '../input/faults.js';
import { shown } from '../input/shown.js';
import { minorDigits } from '../money/currency.js';
import { eventFields, eventSchemas } from './eventSchemas.js';
import { plainCopy } from './plainData.js';
import { type QuickCheck, quickCheck } from './quickCheck.js';
import { retiredShapes } from './retiredShapes.js';
import { type StoredEvent, upcasterOf } from './upcast.js';

/**
 * Reads an event of any origin: from a database, a file, another program.
 *
 * Events of earlier releases come back in the current shape. What is checked is the event itself (its fields, amounts
 * in canonical form, instants that the calendar has); whether it can follow the events before it is for {@link index.fold | fold}
 * to say.
 *
 * @param input - anything
 * @returns the event, a copy that shares nothing with the input
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` with everything that is wrong in `details.faults`
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
  const copy = plainCopy(input);
  return 'faults' in copy ? refuse(copy.faults) : parsePlainEvent(copy.value);
}

/** Reads an event that is plain JSON already, as what `JSON.parse` gives is; may give the very object back. */
export function parsePlainEvent(plain: unknown): AccountEvent {
  if (typeof plain !== 'object' || plain === null) {
    return refuse([{ path: '', expected: 'an event', found: shown(plain) }]);
  }
  const event = upcast(plain);
  const shape = shapeFor(event);
  if (shape === undefined) {
    return refuse([
      {
        path: 'type',
        expected: 'the name of an event',
        found: event.type === undefined ? MISSING : shown(event.type),
      },
    ]);
  }
  // The event itself and not the schema's copy of it, so that fields stay in the order in which they were written.
  if (shape.fits(event)) return event as AccountEvent;
  const { issues } = v.safeParse(shape.schema, event);
  return issues === undefined ? (event as AccountEvent) : refuse(faultsOf(issues, shape.schema));
}

const upcast = /* @__PURE__ */ upcasterOf(retiredShapes);

/** What an event is held against. */
type Shape = { readonly schema: v.GenericSchema<unknown, AccountEvent>; readonly fits: QuickCheck };

type Shapes = ReadonlyMap<unknown, Shape>;

/** The shapes of all events by name, for currencies with so many decimals; made when first needed. */
const shapesByDigits = /* @__PURE__ */ new Map<number, Shapes>();

/** The shape that an event should have: its currency decides what an amount looks like. */
function shapeFor({ type, data }: StoredEvent): Shape | undefined {
  const currency: unknown = (data as { currency?: unknown } | null | undefined)?.currency;
  const digits = (typeof currency === 'string' ? minorDigits(currency) : undefined) ?? 2;
  const known = shapesByDigits.get(digits);
  if (known !== undefined) return known.get(type);
  const schemas = Object.entries<Shape['schema']>(eventSchemas(eventFields(digits)));
  const made = new Map(schemas.map(([name, schema]) => [name, { schema, fits: quickCheck(schema) }]));
  shapesByDigits.set(digits, made);
  return made.get(String(type));
}

function refuse(faults: readonly Fault[]): never {
  const [first, ...others] = faults;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new PatronFeesError('INVALID_EVENT', `${faultText(first as Fault, 'event')}${more}`, { faults });
}
