import type { AccountEvent } from '../../account/events/accountEvent.js';
import { fold } from '../../account/fold.js';
import { digitsOf } from '../../money/currency.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { type Corruption, corruptions, type GivenFault } from './corruptions.js';
import { printedAs, type Story } from './story.js';

/** A history with one event that cannot follow those before it, and the expected error. */
export type CorruptHistory = {
  /** The policy under which the valid part was decided. */
  readonly policy: FeePolicy;
  /** The events, including the faulty one. */
  readonly events: readonly AccountEvent[];
  /** The code of the error that folding must throw. */
  readonly code: 'CORRUPT_HISTORY';
  /** The expected `details.fault` of the error. */
  readonly fault: GivenFault;
  /** The position of the faulty event, starting at 1: `details.position`. */
  readonly position: number;
};

/** The faults that {@link corruptHistories} generates. */
export const givenFaults = Object.keys(corruptions) as readonly GivenFault[];

/** Generates valid histories with one fault added somewhere. */
export function corruptHistories(fc: FastCheck, stories: Arbitrary<Story>): Arbitrary<CorruptHistory> {
  // Often enough before the first event to be useful.
  const places = fc.oneof({ weight: 4, arbitrary: fc.nat(1_000) }, { weight: 1, arbitrary: fc.constant(0) });
  return fc
    .tuple(stories, fc.constantFrom(...givenFaults), places, fc.nat(1_000))
    .map(([story, fault, place, pick]) => withFault(story, fault, place, pick));
}

/** Returns the history of a story with a fault after some of its events. */
export function withFault({ events, policy }: Story, fault: GivenFault, place: number, pick: number) {
  const at = place % (events.length + 1);
  const account = fold(events.slice(0, at));
  const currency = account.currency ?? policy.currency;
  const digits = digitsOf(currency);
  const { before, bad }: Corruption = corruptions[fault]({ account, currency, digits, pick });
  const history: CorruptHistory = {
    policy,
    events: [...events.slice(0, at), ...before, bad as AccountEvent, ...events.slice(at)],
    code: 'CORRUPT_HISTORY',
    fault,
    position: at + before.length + 1,
  };
  return printedAs(history, () => formatHistory(history));
}

/** Formats a corrupt history as a list, with the expected error. */
export function formatHistory({ events, fault, position }: CorruptHistory): string {
  const types = events.map((event, index) => `${index + 1}. ${String(event?.type)}`);
  const bad = JSON.stringify(events[position - 1]);
  return `${types.join('\n')}\nwhere ${position} must be found to be ${fault}: ${bad}`;
}
