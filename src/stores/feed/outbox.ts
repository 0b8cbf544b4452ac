import * as v from 'valibot';
import type { AccountEvent, AccountEventType } from '../../account/events/accountEvent.js';
import { accountEventTypes } from '../../history/eventSchemas.js';
import type { StoredAccountEvent } from '../../history/eventStore.js';
import type { RunnerLock } from '../../history/follow.js';
import { redactEvent } from '../../history/redaction.js';
import { checkedArgument } from '../../input/checkedArgument.js';

/**
 * An event as other programs get it: CloudEvents 1.0, as JSON.
 *
 * @source https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export type CloudEvent = {
  /** The version of CloudEvents. */
  readonly specversion: '1.0';
  /** Unique in its source, and the same each time the event is sent: institution, patron and version. */
  readonly id: string;
  /** The store that the event is from, as the options name it. */
  readonly source: string;
  /** The type of the event after `patron-fees.`, e.g. `patron-fees.PaymentReceived`. */
  readonly type: `patron-fees.${AccountEvent['type']}`;
  /** The account: institution and patron, each escaped as in a URL. */
  readonly subject: string;
  /** When the event was recorded, ISO 8601. When it happened is in `data.data.at`. */
  readonly time: string;
  /** The format of `data`. */
  readonly datacontenttype: 'application/json';
  /**
   * The version of the event in its account, with leading zeros, so that texts sort as numbers (the extension
   * `sequence`).
   */
  readonly sequence: string;
  /** The account again, so that a broker keeps the order of its events (the extension `partitionkey`). */
  readonly partitionkey: string;
  /** The event: as `patron-fees/schemas/events.json.gz` describes it. */
  readonly data: AccountEvent;
};

/** What an event for other programs has. */
export type CloudEventOptions = {
  /**
   * The store: a URI such as `https://library.example.org/fees`, or a path such as `/fees`. Use another one after the
   * store was restored to an earlier moment, because versions, and therefore ids, are then used again.
   */
  readonly source: string;
  /**
   * Whether the event has its texts: comments, notes, free reasons, what identifies an item. Without them it is as
   * {@link history.redactEvent | redactEvent} leaves it.
   *
   * @defaultValue false: a library that erases texts can do so nowhere else
   */
  readonly texts?: boolean;
};

/** The schema of {@link CloudEventOptions}. */
const cloudEventFields = {
  source: v.pipe(
    v.string('a URI'),
    v.check((text) => /^[\w!#$%&'()*+,\-./:;=?@~[\]]+$/.test(text), 'a URI'),
  ),
  texts: v.optional(v.boolean('true or false'), false),
};

const cloudEventSchema = v.strictObject(cloudEventFields);

/** The digits of a version; PostgreSQL has no higher ones. */
const VERSION_DIGITS = 10;

/**
 * Returns a stored event as a CloudEvent, without its texts unless the options say otherwise.
 *
 * @param stored - an event with its account and version, e.g. of `readAll`
 * @param options - the source; whether the event has its texts
 * @returns the event, which is plain JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid
 *
 * @example
 * ```ts
 * import { cloudEvent } from 'patron-fees/feed';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const event = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at, comment: 'It was raining' } } as const;
 * const stored = { institution: 'north', patronId: 'p 1', version: 2, recordedAt: '2026-03-02T09:00:05.123456Z', event };
 * cloudEvent(stored, { source: 'https://library.example.org/fees' });
 * //=> {
 * //     specversion: '1.0',
 * //     id: 'north/p%201/2',
 * //     source: 'https://library.example.org/fees',
 * //     type: 'patron-fees.FeeDisputed',
 * //     subject: 'north/p%201',
 * //     time: '2026-03-02T09:00:05.123456Z',
 * //     datacontenttype: 'application/json',
 * //     sequence: '0000000002',
 * //     partitionkey: 'north/p%201',
 * //     data: { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } },
 * //   }
 * ```
 */
export function cloudEvent(stored: StoredAccountEvent, options: CloudEventOptions): CloudEvent {
  return cloudEventOf(stored, checkedArgument(cloudEventSchema, options, 'options'));
}

/** Returns a stored event as a CloudEvent, for checked options. */
function cloudEventOf(
  { institution, patronId, version, recordedAt, event }: StoredAccountEvent,
  { source, texts }: Required<CloudEventOptions>,
): CloudEvent {
  const account = `${encodeURIComponent(institution)}/${encodeURIComponent(patronId)}`;
  return {
    specversion: '1.0',
    id: `${account}/${version}`,
    source,
    type: `patron-fees.${event.type}`,
    subject: account,
    // Seconds are optional in times of copies, and required here.
    time: recordedAt.replace(/T(\d\d:\d\d)(?=[Z+-])/, 'T$1:00'),
    datacontenttype: 'application/json',
    sequence: String(version).padStart(VERSION_DIGITS, '0'),
    partitionkey: account,
    // The texts of a store with keys are encrypted: the receiver could not read them.
    data: texts && event.metadata?.sealed === undefined ? event : redactEvent(event),
  };
}

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
