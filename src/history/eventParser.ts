import * as v from 'valibot';
import { TEXT_TOO_LONG } from '../account/fieldSchemas.js';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf, faultText, MISSING } from '../input/faults.js';
import { type QuickCheck, quickCheck } from '../input/quickParse.js';
import { shown } from '../input/shown.js';
import { minorDigits } from '../money/currency.js';

/** The current and the retired shapes of events. */
type EventShapes<Event> = {
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

/** Events are four levels deep; deeper data is not an event, and may be circular. */
const DEPTH_MAX = 16;

/** A path into the data: keys of objects, positions in lists. */
type Path = (string | number)[];

/** A copy that is plain JSON, or the faults that prevented it. */
type PlainCopy = { readonly value: unknown } | { readonly faults: readonly Fault[] };

/**
 * Copies any data into plain JSON: every field is read once, undefined fields are left out, and a value that JSON
 * cannot represent is a fault. Never throws, even if reading the input throws.
 */
export function plainCopy(input: unknown): PlainCopy {
  const path: Path = [];
  try {
    return { value: copied(input, path) };
  } catch (error) {
    const received = error instanceof NotPlain ? error.found : 'something that throws when it is read';
    const message = 'plain JSON';
    const issue = { path: path.map((key) => ({ key })), expected: null, received, message };
    return { faults: faultsOf([issue], v.unknown()) };
  }
}

/** Ends the recursion with the value found; never leaves this file. */
class NotPlain {
  constructor(readonly found: string) {}
}

/** Copies one value. If something throws, the path keeps the position. */
function copied(input: unknown, path: Path): unknown {
  if (input === null || typeof input === 'string' || typeof input === 'boolean') return input;
  if (typeof input === 'number' && Number.isFinite(input)) return input;
  if (typeof input !== 'object') throw new NotPlain(typeof input === 'number' ? String(input) : typeof input);
  if (path.length > DEPTH_MAX) throw new NotPlain('something nested too deeply');
  return Array.isArray(input) ? copiedList(input, path) : copiedObject(input, path);
}

function copiedList(list: readonly unknown[], path: Path): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    path.push(index);
    copy.push(copied(list[index], path));
    path.pop();
  }
  return copy;
}

function copiedObject(input: object, path: Path): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(input);
  // Another realm has another Object.prototype, whose own prototype is null too.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new NotPlain('an instance of a class');
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(input)) {
    path.push(key);
    // Assigning this key would set the copy's prototype; no field has this name.
    if (key === '__proto__') throw new NotPlain('a field named __proto__');
    const value: unknown = (input as Record<string, unknown>)[key];
    if (value !== undefined) copy[key] = copied(value, path);
    path.pop();
  }
  return copy;
}

/** Plain data that may be an event of this or an earlier release. */
type StoredEvent = { readonly type?: unknown; readonly data?: unknown; readonly metadata?: unknown };

/** The description of an event of an earlier release. */
type OldShape<Old> = {
  /** The stored event name. */
  readonly type: string;
  /** Distinguishes it from events of the same name and another shape; events have no version number. */
  readonly recognises: (stored: StoredEvent) => boolean;
  /** Its fields. */
  readonly schema: v.GenericSchema<unknown, Old>;
};

/** A shape that events had in an earlier release, with its conversion to the current one. */
export type RetiredShape<Old, Event> = Pick<OldShape<Old>, 'type' | 'recognises'> & {
  /** Validates a recognised event, and converts it to the current shape. */
  readonly upcast: (stored: StoredEvent) => Event;
  /** Converts a validated event to the current shape; used by older shapes. */
  readonly toCurrent: (old: Old) => Event;
};

/**
 * Defines a retired shape that the current shape replaced.
 *
 * @param shape - the description of the retired shape
 * @param next - converts an event to the current shape
 * @returns the retired shape
 */
export function retired<Old, Event>(
  shape: OldShape<Old>,
  next: (old: Old) => Event,
): RetiredShape<Old, Event> {
  const { type, recognises, schema } = shape;
  const upcast = (stored: StoredEvent): Event => {
    const result = v.safeParse(schema, stored);
    if (result.success) return next(result.output);
    throw new PatronFeesError('INVALID_EVENT', `invalid ${type} of an earlier release`, {
      faults: faultsOf(result.issues, schema, 'described'),
    });
  };
  return { type, recognises, upcast, toCurrent: next };
}

/**
 * Defines a retired shape that another retired shape replaced. Every chain ends in the current shape and none is
 * circular: the following shape must be defined first.
 *
 * @param shape - the description of the retired shape
 * @param next - converts an event to the following shape
 * @param following - the following shape
 * @returns the retired shape
 */
export function retiredBefore<Old, Next, Event>(
  shape: OldShape<Old>,
  next: (old: Old) => Next,
  following: RetiredShape<Next, Event>,
): RetiredShape<Old, Event> {
  return retired(shape, (old) => following.toCurrent(next(old)));
}

/**
 * Returns the function that converts stored events to the current shape.
 *
 * @param shapes - all retired shapes
 * @returns a function that upcasts an event of one of these shapes, and returns anything else unchanged; it throws
 * `INVALID_EVENT` for an event that it recognises but that is invalid
 */
export function upcasterOf(
  shapes: readonly RetiredShape<never, unknown>[],
): (stored: StoredEvent) => StoredEvent {
  // By name: nearly every event has the current shape, and should not be compared with each retired one.
  const byType = new Map<unknown, RetiredShape<never, unknown>[]>();
  for (const shape of shapes) byType.set(shape.type, [...(byType.get(shape.type) ?? []), shape]);
  return (stored) => {
    const shape = byType.get(stored.type)?.find(({ recognises }) => recognises(stored));
    return shape === undefined ? stored : (shape.upcast(stored) as StoredEvent);
  };
}
