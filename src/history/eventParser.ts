import * as v from 'valibot';
import { TEXT_TOO_LONG } from '../account/fieldSchemas.js';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf, faultText, MISSING } from '../input/faults.js';
import { type QuickCheck, quickCheck } from '../input/quickParse.js';
import { shown } from '../input/shown.js';
import { minorDigits } from '../money/currency.js';
import { plainCopy } from './plainData.js';
import { type RetiredShape, type StoredEvent, upcasterOf } from './upcast.js';

/** The current and the retired shapes of events. */
export type EventShapes<Event> = {
  /** Returns the schemas by event name; amounts have the number of decimals of the event's currency. */
  readonly schemas: (digits: number) => Readonly<Record<string, v.GenericSchema<unknown, Event>>>;
  /** The shapes of earlier releases. */
  readonly retired: readonly RetiredShape<never, Event>[];
};

/** Reads events. All functions throw `INVALID_EVENT` with the faults. */
export type EventParser<Event> = {
  /** Reads a new event of any origin; returns a copy. */
  readonly parse: (input: unknown) => Event;
  /** Reads a copy of an event that was stored before; its texts may be longer than those of new ones. */
  readonly parseStored: (input: unknown) => Event;
  /** Reads a stored event that is plain JSON, such as a result of `JSON.parse`; may return the same object. */
  readonly parsePlain: (plain: unknown) => Event;
};

/** The faults of a stored event that do not matter, by what was expected. */
const ACCEPTED: readonly string[] = [TEXT_TOO_LONG];

/** The checks of one event type. */
type Shape<Event> = { readonly schema: v.GenericSchema<unknown, Event>; readonly fits: QuickCheck };

/** Creates a parser of events. */
export function eventParser<Event>({ schemas, retired }: EventShapes<Event>): EventParser<Event> {
  const upcast = upcasterOf(retired);

  /** The shapes of all events by name, for each number of decimals; created when first needed. */
  const shapesByDigits = new Map<number, ReadonlyMap<unknown, Shape<Event>>>();

  /** Returns the shape that an event must have: its currency decides the format of amounts. */
  function shapeFor({ type, data }: StoredEvent): Shape<Event> | undefined {
    const currency: unknown = (data as { currency?: unknown } | null | undefined)?.currency;
    const digits = (typeof currency === 'string' ? minorDigits(currency) : undefined) ?? 2;
    const known = shapesByDigits.get(digits);
    if (known !== undefined) return known.get(type);
    const made = new Map(
      Object.entries(schemas(digits)).map(([name, schema]) => [name, { schema, fits: quickCheck(schema) }]),
    );
    shapesByDigits.set(digits, made);
    return made.get(String(type));
  }

  function parsePlain(plain: unknown, accepted: readonly string[]): Event {
    if (typeof plain !== 'object' || plain === null) {
      const found = typeof plain === 'string' ? 'a string' : shown(plain);
      return refuse([{ path: '', expected: 'an event', found }]);
    }
    const event = upcast(plain);
    const shape = shapeFor(event);
    if (shape === undefined) {
      const found = event.type === undefined ? MISSING : shown(event.type);
      return refuse([{ path: 'type', expected: 'the name of an event', found }]);
    }
    // Returns the event itself, not the schema's copy, so that fields keep the order in which they were written.
    if (shape.fits(event)) return event as Event;
    const { issues = [] } = v.safeParse(shape.schema, event);
    const faulty = issues.filter(({ message }) => !accepted.includes(message));
    return faulty.length === 0 ? (event as Event) : refuse(faultsOf(faulty, shape.schema, 'described'));
  }

  function parseCopy(input: unknown, accepted: readonly string[]): Event {
    const copy = plainCopy(input);
    return 'faults' in copy ? refuse(copy.faults) : parsePlain(copy.value, accepted);
  }

  return {
    parse: (input) => parseCopy(input, []),
    parseStored: (input) => parseCopy(input, ACCEPTED),
    parsePlain: (plain) => parsePlain(plain, ACCEPTED),
  };
}

function refuse(faults: readonly Fault[]): never {
  const [first, ...others] = faults;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new PatronFeesError('INVALID_EVENT', `${faultText(first as Fault, { whole: 'event' })}${more}`, {
    faults,
  });
}
