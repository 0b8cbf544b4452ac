import * as v from 'valibot';
import type { AccountEventType } from '../../account/events/accountEvent.js';
import { accountEventTypes } from '../../history/eventSchemas.js';
import type { StoredAccountEvent } from '../../history/eventStore.js';
import type { RunnerLock } from '../../history/runnerLock.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type CloudEvent, type CloudEventOptions, cloudEventFields, cloudEventOf } from './cloudEvent.js';

/** Events that wait to be sent, in a table that an append writes in its transaction; {@link relay} sends them. */
export type Outbox = {
  /** Returns the events that have waited longest, those of each account in their order. */
  readonly waiting: (limit: number) => Promise<readonly WaitingEvent[]>;
  /** Removes events that were sent. */
  readonly remove: (sent: readonly WaitingEvent[]) => Promise<void>;
  /**
   * The lock that lets one relay at a time work.
   *
   * @defaultValue several relays send the same events, each in the order of its account
   */
  readonly lock?: RunnerLock;
};

/** An event in an outbox. */
export type WaitingEvent = {
  /** Its place in the outbox. */
  readonly position: string;
  /** The event. */
  readonly event: CloudEvent;
};

/** What an outbox contains. */
export type OutboxOptions = CloudEventOptions & {
  /**
   * The types of events, e.g. `['PaymentReceived', 'PaymentReversed']`.
   *
   * @defaultValue all types
   */
  readonly types?: readonly AccountEventType[];
};

function optionsSchema() {
  const types = v.optional(v.array(v.picklist([...accountEventTypes()])));
  return v.strictObject({ ...cloudEventFields, types });
}

/** Returns the function that makes messages of the events of an append: those of the chosen types, as JSON. */
export function messagesFor(
  options: OutboxOptions,
): (events: readonly StoredAccountEvent[]) => readonly string[] {
  const { types, ...rest } = checkedArgument(optionsSchema(), options, 'options');
  const chosen = types && new Set(types);
  return (events) =>
    events
      .filter(({ event }) => chosen?.has(event.type) ?? true)
      .map((stored) => JSON.stringify(cloudEventOf(stored, rest)));
}
