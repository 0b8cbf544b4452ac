// The argument checks of every event store.
import * as v from 'valibot';
import type { AccountEvent, AccountPurged } from '../account/events/accountEvent.js';
import { ID_LENGTH_MAX, isName, nameField, streamNameField } from '../account/fieldSchemas.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type {
  AccountPageOptions,
  AppendOptions,
  EventPageOptions,
  NamedStream,
  ReadOptions,
  StreamId,
} from './eventStore.js';
import { toMicroseconds } from './instants.js';
import type { PurgeOptions, RedactOptions } from './redaction.js';

const limit = v.optional(wholeNumber(1));

const streamSchema = v.object({ institution: nameField, patronId: nameField });

const namedStreamSchema = v.object({ institution: nameField, stream: streamNameField });

const institutionSchema = v.object({ institution: nameField });

const readSchema = v.object({ after: v.optional(wholeNumber(0), 0), limit });

const recordedAtField = v.optional(v.pipe(instantField, v.transform(toMicroseconds)));

const underKeysField = v.optional(v.boolean('true or false'));

const appendSchema = v.object({
  expectedVersion: v.union([v.literal('any'), wholeNumber(0)], "a version, or 'any'"),
  recordedAt: recordedAtField,
  underKeys: underKeysField,
});

const pageSchema = v.object({
  after: v.optional(v.string('a cursor')),
  limit,
  institution: v.optional(nameField),
});

const eventPageSchema = v.object({
  ...pageSchema.entries,
  onUnreadable: v.optional(v.picklist(['reject', 'list'], "'reject' or 'list'"), 'reject'),
});

const sweepFields = { sweep: v.optional(v.boolean('true or false'), true) };

const purgeSchema = v.strictObject({
  ...sweepFields,
  recordedAt: recordedAtField,
  underKeys: underKeysField,
});

const redactSchema = v.strictObject({ ...sweepFields, versions: v.optional(v.array(wholeNumber(1))) });

/** Which part of a stream to read, checked. */
export type CheckedRead = {
  /** Only events with a higher version; 0 for all. */
  readonly after: number;
  /** The maximum number of events; all if undefined. */
  readonly limit?: number | undefined;
};

/** The conditions of an append, checked. */
export type CheckedAppend = {
  /** The version that the stream must have; `any` appends at any version. */
  readonly expectedVersion: number | 'any';
  /** When the events were recorded, to the microsecond; the adapter's own clock if undefined. */
  readonly recordedAt?: string | undefined;
  /** Whether texts are encrypted under keys. */
  readonly underKeys?: boolean | undefined;
};

/** Which page of a list to read, checked. */
export type CheckedPage = {
  /** The cursor of the page before: any string, the adapter checks that it is a cursor of its store. */
  readonly after?: string | undefined;
  /** The maximum number of entries; all if undefined. */
  readonly limit?: number | undefined;
  /** For accounts: only those at this institution. */
  readonly institution?: string | undefined;
};

/** Which events to redact, checked. */
export type CheckedRedact = {
  /** Their versions; all if undefined. */
  readonly versions?: ReadonlySet<number> | undefined;
  /** Whether to call `sweep` after it. */
  readonly sweep: boolean;
};

// Every call of a store checks its arguments, and a schema takes much longer than a direct check of the usual ones. So
// the schema parses only the others, and reports what is wrong.

/** Checks the key of an account, and drops other fields. */
export function checkedStream(stream: StreamId): StreamId {
  return (
    fastPath(() => {
      const { institution, patronId } = stream;
      return isId(institution) && isId(patronId) ? { institution, patronId } : undefined;
    }) ?? checkedArgument(streamSchema, stream, 'stream')
  );
}

/** Checks the key of a stream of other events, and drops other fields. */
export function checkedNamedStream(stream: NamedStream): NamedStream {
  return checkedArgument(namedStreamSchema, stream, 'stream');
}

/** Returns the institution of a key, checked; the store of the stream checks the rest. */
export function checkedInstitution(stream: { readonly institution: string }): string {
  return (
    fastPath(() => (isId(stream.institution) ? stream.institution : undefined)) ??
    checkedArgument(institutionSchema, stream, 'stream').institution
  );
}

/** Checks which part of a stream to read. */
export function checkedRead(options: ReadOptions = {}): CheckedRead {
  return (
    fastPath(() => {
      const { after = 0, limit } = options;
      return limit === undefined && isVersion(after) ? { after } : undefined;
    }) ?? checkedArgument(readSchema, options, 'options')
  );
}

/** Checks the conditions of an append. */
export function checkedAppend(options: AppendOptions): CheckedAppend {
  return (
    fastPath(() => {
      const { expectedVersion, recordedAt, underKeys } = options;
      if (recordedAt !== undefined || !isVersion(expectedVersion)) return undefined;
      if (underKeys === undefined) return { expectedVersion };
      return underKeys === true ? { expectedVersion, underKeys } : undefined;
    }) ?? checkedArgument(appendSchema, options, 'options')
  );
}

/** Runs a direct check of arguments. Returns undefined if reading them throws. */
function fastPath<Checked>(look: () => Checked | undefined): Checked | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && isName(value, ID_LENGTH_MAX);
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Checks that events are a list; the codec checks each event. */
export function checkedEvents<Event>(events: readonly Event[]): readonly Event[] {
  return (
    fastPath(() => (Array.isArray(events) ? entriesOf<Event>(events) : undefined)) ??
    (checkedArgument(v.array(v.unknown()), events, 'events') as Event[])
  );
}

/** Copies a list by its places, whatever its iterator returns. */
function entriesOf<Entry>(list: readonly Entry[]): Entry[] {
  const entries: Entry[] = [];
  for (let place = 0; place < list.length; place++) entries.push(list[place] as Entry);
  return entries;
}

/** Checks which page to read. */
export function checkedPage(options: AccountPageOptions = {}): CheckedPage {
  return checkedArgument(pageSchema, options, 'options');
}

/** Checks which page of events to read, and whether unreadable events are listed. */
export function checkedEventPage(options: EventPageOptions = {}) {
  const { onUnreadable, ...page } = checkedArgument(eventPageSchema, options, 'options');
  return { page: page as CheckedPage, lists: onUnreadable === 'list' };
}

/** Checks which events to redact. */
export function checkedRedact(options: RedactOptions = {}): CheckedRedact {
  const { versions, sweep } = checkedArgument(redactSchema, options, 'options');
  return { versions: versions && new Set(versions), sweep };
}

/** The event that is left of a purged stream, checked. */
export type CheckedPurge = {
  /** The event as text. */
  readonly text: string;
  /** The version of the last event to remove. */
  readonly events: number;
  /** When it was recorded; the present time if undefined. */
  readonly recordedAt: string | undefined;
  /** Whether to call `sweep` after it. */
  readonly sweep: boolean;
  /** Whether texts are encrypted under keys. */
  readonly underKeys?: boolean | undefined;
};

/** Checks the event that is left of a purged stream, whose fields `encode` checks, and the options. */
export function checkedPurge(
  event: AccountPurged,
  options: PurgeOptions | undefined,
  encode: (event: AccountEvent) => string,
): CheckedPurge {
  const { type } = checkedArgument(v.looseObject({ type: v.literal('AccountPurged') }), event, 'event');
  const { recordedAt, ...how } = checkedArgument(purgeSchema, options ?? {}, 'options');
  return { text: encode({ ...event, type }), events: event.data.events, recordedAt, ...how };
}

/** Returns the error for what is no cursor of a store. */
export function cursorInvalid(found: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', 'options.after: expected a cursor of this store', { found });
}
