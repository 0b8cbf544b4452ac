import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { faultsOf } from '../input/faults.js';

/** Plain data that may be an event of this or an earlier release. */
export type StoredEvent = { readonly type?: unknown; readonly data?: unknown; readonly metadata?: unknown };

/** The description of an event of an earlier release. */
export type OldShape<Old> = {
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
