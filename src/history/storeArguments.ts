// What every adapter of the port refuses, in the same words.
import * as v from 'valibot';
import type { AccountEvent } from '../account/events.js';
import { nameField } from '../account/fieldSchemas.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { AccountPageOptions, AppendOptions, ReadOptions, StreamId } from './eventStore.js';
import { toMicroseconds } from './instants.js';

const limit = v.optional(wholeNumber(1));

const streamSchema = v.object({ institution: nameField, patronId: nameField });

const readSchema = v.object({ after: v.optional(wholeNumber(0), 0), limit });

const appendSchema = v.object({
  expectedVersion: v.union([v.literal('any'), wholeNumber(0)], "a version, or 'any'"),
  recordedAt: v.optional(v.pipe(instantField, v.transform(toMicroseconds))),
});

const pageSchema = v.object({
  after: v.optional(v.string('a cursor')),
  limit,
  institution: v.optional(nameField),
});

/** Which part of a stream to read, checked. */
export type CheckedRead = {
  /** Only events with a higher version; 0 for all. */
  readonly after: number;
  /** How many events at most; all if undefined. */
  readonly limit?: number | undefined;
};

/** How to append, checked. */
export type CheckedAppend = {
  /** The version that the stream must have; `any` appends wherever it ends. */
  readonly expectedVersion: number | 'any';
  /** When the events were recorded, to the microsecond; the adapter's own clock if undefined. */
  readonly recordedAt?: string | undefined;
};

/** Which part of a list to read, checked. */
export type CheckedPage = {
  /** The cursor of the page before: a text that may be no cursor of this store. */
  readonly after?: string | undefined;
  /** How many entries at most; all if undefined. */
  readonly limit?: number | undefined;
  /** For accounts: only those at this institution. */
  readonly institution?: string | undefined;
};

/** The name of a stream, without whatever else the caller's object has. */
export function checkedStream(stream: StreamId): StreamId {
  return checkedArgument(streamSchema, stream, 'stream');
}

/** Which part of a stream to read; from its beginning if nothing is said. */
export function checkedRead(options: ReadOptions = {}): CheckedRead {
  return checkedArgument(readSchema, options, 'options');
}

/** What a writer expects. */
export function checkedAppend(options: AppendOptions): CheckedAppend {
  return checkedArgument(appendSchema, options, 'options');
}

/** A list of events, of which each is still to be held to its shape. */
export function checkedEvents(events: readonly AccountEvent[]): readonly AccountEvent[] {
  return checkedArgument(v.array(v.unknown()), events, 'events') as AccountEvent[];
}

/** Which part of a list to read. */
export function checkedPage(options: AccountPageOptions = {}): CheckedPage {
  return checkedArgument(pageSchema, options, 'options');
}
