import * as v from 'valibot';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { TEXT_TOO_LONG } from '../account/fieldSchemas.js';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf, faultText, MISSING } from '../input/faults.js';
import { type QuickCheck, quickCheck } from '../input/quickParse.js';
import { shown } from '../input/shown.js';
import { minorDigits } from '../money/currency.js';
import { eventFields, eventSchemas } from './eventSchemas.js';
import { plainCopy } from './plainData.js';
import { retiredShapes } from './retiredShapes.js';
import { type StoredEvent, upcasterOf } from './upcast.js';

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
  return parseCopy(input, []);
}

/** Reads an event as {@link parseEvent} does, except for the faults, by what was expected, that are accepted. */
function parseCopy(input: unknown, accepted: readonly string[]): AccountEvent {
  const copy = plainCopy(input);
  return 'faults' in copy ? refuse(copy.faults) : parsePlain(copy.value, accepted);
}

/** The faults of a stored event that do not matter. */
const ACCEPTED: readonly string[] = [TEXT_TOO_LONG];

/** Reads an event that was stored before; its texts may be longer than those of new ones. */
export function parseStoredEvent(input: unknown): AccountEvent {
  return parseCopy(input, ACCEPTED);
}

/** Reads a stored event that is plain JSON, such as a result of `JSON.parse`; may return the same object. */
export function parsePlainEvent(plain: unknown): AccountEvent {
  return parsePlain(plain, ACCEPTED);
}

function parsePlain(plain: unknown, accepted: readonly string[]): AccountEvent {
  if (typeof plain !== 'object' || plain === null) {
    const found = typeof plain === 'string' ? 'a string' : shown(plain);
    return refuse([{ path: '', expected: 'an event', found }]);
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
  // Returns the event itself, not the schema's copy, so that fields keep the order in which they were written.
  if (shape.fits(event)) return event as AccountEvent;
  const { issues = [] } = v.safeParse(shape.schema, event);
  const faulty = issues.filter(({ message }) => !accepted.includes(message));
  return faulty.length === 0 ? (event as AccountEvent) : refuse(faultsOf(faulty, shape.schema, 'described'));
}

const upcast = /* @__PURE__ */ upcasterOf(retiredShapes);

/** The checks of one event type. */
type Shape = { readonly schema: v.GenericSchema<unknown, AccountEvent>; readonly fits: QuickCheck };

type Shapes = ReadonlyMap<unknown, Shape>;

/** The shapes of all events by name, for each number of decimals; created when first needed. */
const shapesByDigits = /* @__PURE__ */ new Map<number, Shapes>();

/** Returns the shape that an event must have: its currency decides the format of amounts. */
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
  throw new PatronFeesError('INVALID_EVENT', `${faultText(first as Fault, { whole: 'event' })}${more}`, {
    faults,
  });
}
