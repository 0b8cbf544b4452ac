import type { EventMetadata, Item } from '../account/circumstances.js';
import { reasonIsCode, redactedDigest, splitItem } from '../account/digest.js';
import type { AccountEvent, AccountPurged } from '../account/events/accountEvent.js';
import type { EventCodec } from './codec.js';
import { accountEventTypes } from './eventSchemas.js';
import type {
  Appended,
  AppendOptions,
  EventStore,
  RecordedEvent,
  StreamId,
  StreamKey,
} from './eventStore.js';

/** The result of a redaction. */
export type Redacted = {
  /** The number of events that were changed; 0 if there was nothing left to erase. */
  readonly events: number;
  /**
   * Why the old text can still be found in the store's own files; absent if the store overwrote it, or did not try
   * because of `sweep: false`.
   *
   * - `reader`: another connection was reading or writing, so the old text is still in SQLite's write-ahead log. Call
   *   `sweep` after it has finished.
   * - `vacuum`: something was erased in PostgreSQL since the last `VACUUM FULL` of the table; the file has the old
   *   text, and the server's log for longer.
   */
  readonly remaining?: 'reader' | 'vacuum';
};

/** How to erase in one stream. */
export type SweepOptions = {
  /**
   * Whether to call `sweep` after it. With `false`, a caller that erases in many streams calls `sweep` once, at the
   * end.
   *
   * @defaultValue true
   */
  readonly sweep?: boolean;
};

/** Which events of a stream to redact, and how. */
export type RedactOptions = SweepOptions & {
  /**
   * The versions of the events. Versions that the stream does not have are ignored, and an empty list changes no event.
   *
   * @defaultValue all events
   */
  readonly versions?: readonly number[];
};

/** How to purge a stream. */
export type PurgeOptions = SweepOptions & {
  /**
   * When the event that is left was recorded, for a copy of a purged stream. Never before a removed event.
   *
   * @defaultValue now, by the store's clock
   */
  readonly recordedAt?: string;
  /**
   * Whether what a redaction erases is encrypted, as in {@link AppendOptions}.
   *
   * @defaultValue false
   */
  readonly underKeys?: AppendOptions['underKeys'];
};

/** An event store that can erase texts, of accounts or of the office. */
export type RedactingEventStore<Event = AccountEvent, Id extends StreamKey = StreamId> = EventStore<
  Event,
  Id
> & {
  /**
   * Redacts events of a stream as {@link redactEvent} does: all of the chosen ones or none. Versions, recording times
   * and cursors do not change. May be repeated.
   */
  readonly redact: (stream: Id, options?: RedactOptions) => Promise<Redacted>;
  /**
   * Overwrites what was erased in the store's own files as far as it can: empties SQLite's write-ahead log. For
   * PostgreSQL, it says whether the table's file has old text. Waits for
   * readers and writers of other connections for less than half a second, without blocking them or this process.
   */
  readonly sweep: () => Promise<Swept>;
};

/** An event store of accounts that can erase texts, and remove events. */
export type ErasingEventStore = RedactingEventStore & {
  /**
   * Removes all events of a stream, and leaves one: `AccountPurged`, at the version after the last removed one. Its
   * `events` is the version of the stream; if the stream has a later one, rejects with `VERSION_CONFLICT`. It may be
   * higher than the stream's, so that a copy of a purged stream can be purged too.
   *
   * Removes the events and leaves the new one in one write. Readers of all streams, including those that have read
   * some pages, no longer get the removed events and get the one that is left as the newest of the store; their
   * cursors stay valid. The list of accounts has the account as a new one. Appends continue after it.
   */
  readonly purge: (stream: StreamId, event: AccountPurged, options?: PurgeOptions) => Promise<Purged>;
};

/** What a sweep could not overwrite. */
export type Swept = Pick<Redacted, 'remaining'>;

/** The result of a purge. */
export type Purged = Appended & Swept;

/** What a redaction reads of an event, of an account or of the office. */
export type RedactableEvent = {
  /** The event's name. */
  readonly type: string;
  /** Its fields. */
  readonly data: object & {
    /** A code or free text. */
    readonly reason?: unknown;
    /** Why it happened, as a code: it says whether the reason is one, too. */
    readonly cause?: unknown;
    /** The borrowed item; of an event of the bank, what is recorded of it. */
    readonly item?: unknown;
  };
  /** What a command or a job added. */
  readonly metadata?: object;
};

/** An event to rewrite: its version and the text of the redacted event. */
type Rewritten = { readonly version: number; readonly event: string };

/** Returns the redacted events among those of a stream: those that are chosen, all if undefined, and change. */
export function redactedEvents(
  recorded: Iterable<RecordedEvent>,
  versions: ReadonlySet<number> | undefined,
  { decode }: Pick<EventCodec<AccountEvent>, 'decode'>,
): readonly Rewritten[] {
  const changed: Rewritten[] = [];
  for (const { version, event } of recorded) {
    if (versions !== undefined && !versions.has(version)) continue;
    const after = redactEvent(event);
    if (after === event) continue;
    const text = JSON.stringify(after);
    // Throws if it could not be read again.
    decode(text);
    changed.push({ version, event: text });
  }
  return changed;
}

/**
 * Erases personal data from an event: free text (`comment`, `staffNote`, and a `reason` in free text), and the borrowed
 * item's title, call number, id and barcode.
 *
 * A reason is kept if it must be a code of a policy's list: on `FeeWaived`, and on `LostItemCreditIssued` and
 * `CreditIssued` of cause `waived` or `manual`. Every other event's reason is free text, and is erased.
 *
 * Also erases the part of the command's digest that depends on those texts, so that nobody can guess them from it, and
 * the encrypted texts of {@link keys.keyedEventStore | keyedEventStore}. What is left of the event is the same,
 * whatever the texts were.
 *
 * Events of the office have the same fields, and are redacted in the same way: their comments, and the reasons of
 * settlements of online payments. The reasons of bank entries are codes.
 *
 * Amounts, ids, times and types are kept: the account folded from redacted events has the same figures. Repeated
 * commands are still recognised by what is kept of their digests.
 *
 * @param event - an event of an account or of the office
 * @returns a copy without those fields; the same event if it has none of them
 *
 * @example
 * ```ts
 * import { redactEvent } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const data = { waiverId: 'w1', feeId: 'f1', amount: '2.50', currency: 'USD', at };
 * redactEvent({ type: 'FeeWaived', data: { ...data, comment: 'Was in hospital' } });
 * //=> { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '2.50', currency: 'USD', at } }
 * ```
 */
export function redactEvent<Event extends RedactableEvent>(event: Event): Event;
export function redactEvent(event: AccountEvent): AccountEvent;
export function redactEvent(event: RedactableEvent): RedactableEvent {
  const { data, metadata } = event;
  const isCode = reasonIsCode({ type: event.type, cause: data.cause });
  const texts = isCode ? ['comment', 'staffNote'] : ['comment', 'staffNote', 'reason'];
  const withoutTexts = without(data, texts);
  // The item of a record of the bank is no borrowed item.
  const item = isOfAccount(event) && data.item !== undefined ? splitItem(data.item as Item) : undefined;
  // The digest of a command to the office covers no text that is erased.
  const metadataLeft = metadata && isOfAccount(event) ? redactedMetadata(metadata) : metadata;
  const keepsItem = item === undefined || item.erased === null;
  if (withoutTexts === data && keepsItem && metadataLeft === metadata) return event;
  return {
    ...(metadataLeft === undefined ? without(event, ['metadata']) : event),
    data: keepsItem ? withoutTexts : { ...withoutTexts, item: item.kept },
    ...(metadataLeft && { metadata: metadataLeft }),
  };
}

function isOfAccount({ type }: RedactableEvent): boolean {
  return (accountEventTypes() as ReadonlySet<string>).has(type);
}

/** Returns what is left of metadata; undefined for nothing, the same object if nothing is erased. */
function redactedMetadata(metadata: EventMetadata): EventMetadata | undefined {
  const { commandDigest: digest } = metadata;
  const left = digest === undefined ? digest : redactedDigest(digest);
  const clear = without(metadata, ['sealed']);
  if (left !== undefined && left !== digest) return { ...clear, commandDigest: left };
  return clear === metadata || Object.keys(clear).length > 0 ? clear : undefined;
}

/** Returns a copy without some fields; the same object if it has none of them. */
function without<Data extends object>(data: Data, names: readonly string[]): Data {
  if (!names.some((name) => name in data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name))) as Data;
}
