import * as v from 'valibot';
import type { AccountEvent } from '../account/events.js';
import { PatronFeesError } from '../errors.js';
import { faultsOf } from '../input/faults.js';

/** Plain data that may be an event, of this or of an earlier release. */
export type StoredEvent = { readonly type?: unknown; readonly data?: unknown; readonly metadata?: unknown };

/** How an event of an earlier release looks. */
export type Looks<Old> = {
  /** The name it has in storage. */
  readonly type: string;
  /** Tells it from events of the same name and another shape; events carry no number of a version. */
  readonly recognises: (stored: StoredEvent) => boolean;
  /** Its fields. */
  readonly schema: v.GenericSchema<unknown, Old>;
};

/** A shape that events had in an earlier release, and the whole way from it to the current one. */
export type RetiredShape<Old> = Pick<Looks<Old>, 'type' | 'recognises'> & {
  /** Reads an event that was recognised, and brings it up to date. */
  readonly upcast: (stored: StoredEvent) => AccountEvent;
  /** Brings one up to date that was read already: where an older shape goes on. */
  readonly toCurrent: (old: Old) => AccountEvent;
};

/**
 * Retires a shape that the current one followed.
 *
 * @param looks - how events of this shape look
 * @param next - gives the event in the current shape
 * @returns the retired shape
 */
export function retired<Old>(looks: Looks<Old>, next: (old: Old) => AccountEvent): RetiredShape<Old> {
  const { type, recognises, schema } = looks;
  const upcast = (stored: StoredEvent): AccountEvent => {
    const result = v.safeParse(schema, stored);
    if (result.success) return next(result.output);
    throw new PatronFeesError('INVALID_EVENT', `this ${type}, of an earlier release, has faults`, {
      faults: faultsOf(result.issues, schema),
    });
  };
  return { type, recognises, upcast, toCurrent: next };
}

/**
 * Retires a shape that another retired one followed. So every chain ends in a current event, and none runs in a
 * circle: the compiler asks for the shape that followed, which must have been there before.
 *
 * @param looks - how events of this shape look
 * @param next - gives the event in the shape that followed
 * @param following - the shape that followed
 * @returns the retired shape
 */
export function retiredBefore<Old, Next>(
  looks: Looks<Old>,
  next: (old: Old) => Next,
  following: RetiredShape<Next>,
): RetiredShape<Old> {
  return retired(looks, (old) => following.toCurrent(next(old)));
}

/**
 * Makes the function that brings stored events up to date.
 *
 * @param shapes - all retired shapes
 * @returns a function that upcasts an event of one of these shapes, and gives back anything else as it is; it throws
 * `INVALID_EVENT` for an event that it recognises and that has faults
 */
export function upcasterOf(shapes: readonly RetiredShape<never>[]): (stored: StoredEvent) => StoredEvent {
  // By name, since nearly every event is current and should not be held against each shape there ever was.
  const byType = new Map<unknown, RetiredShape<never>[]>();
  for (const shape of shapes) byType.set(shape.type, [...(byType.get(shape.type) ?? []), shape]);
  return (stored) => {
    const shape = byType.get(stored.type)?.find(({ recognises }) => recognises(stored));
    return shape === undefined ? stored : shape.upcast(stored);
  };
}
