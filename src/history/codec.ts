import * as v from 'valibot';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { FeeAssessed } from '../account/events/feeEvents.js';
import { circumstancesFields, nameField } from '../account/fieldSchemas.js';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { mismatchText } from '../input/faults.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { type EventParser, eventParser, type RetiredShape, retired, retiredBefore } from './eventParser.js';
import { eventFields, eventSchemas, metadataField } from './eventSchemas.js';
import type { IdField, RecordedEvent, StreamId } from './eventStore.js';

// A worked example of a retired shape: FeeAssessed as the pre-releases 0.0.1 and 0.0.2 wrote it.
//
// To retire a shape: copy its schema here under a descriptive name, write the function that recognises it and the
// function that converts it to the next shape, add it to the list, and add a golden log of it. Never remove a shape:
// stored histories contain it.

/** Returns whether the data of an event has a field. */
function has(data: unknown, field: string): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, field);
}

/** 0.0.2: the field `owner` was called `library`. */
const feeAssessedByLibrary = /* @__PURE__ */ retired(
  {
    type: 'FeeAssessed',
    recognises: ({ data }) => has(data, 'library') && !has(data, 'owner'),
    schema: v.strictObject({
      type: v.literal('FeeAssessed'),
      data: v.strictObject({
        ...circumstancesFields,
        feeId: nameField,
        feeType: nameField,
        amount: v.string(),
        currency: v.string(),
        library: nameField,
      }),
      metadata: v.exactOptional(metadataField),
    }),
  },
  ({ data: { library, ...data }, ...event }): FeeAssessed => ({
    ...event,
    data: { ...data, owner: library },
  }),
);

/** 0.0.1: a fee was called a charge, and its amount was a number of minor units. */
const feeCharged = /* @__PURE__ */ retiredBefore(
  {
    type: 'FeeCharged',
    recognises: () => true,
    schema: v.strictObject({
      type: v.literal('FeeCharged'),
      data: v.strictObject({
        ...circumstancesFields,
        chargeId: nameField,
        chargeType: nameField,
        minorUnits: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
        currency: v.string(),
        library: nameField,
      }),
      metadata: v.exactOptional(metadataField),
    }),
  },
  ({ data: { chargeId, chargeType, minorUnits, ...data }, ...event }) => ({
    ...event,
    type: 'FeeAssessed' as const,
    data: {
      ...data,
      feeId: chargeId,
      feeType: chargeType,
      amount: formatAmount(minorUnits, minorDigits(data.currency) ?? 2),
    },
  }),
  feeAssessedByLibrary,
);

/** All shapes of earlier releases that the current release does not write. */
const retiredShapes: readonly RetiredShape<never, AccountEvent>[] = [feeCharged, feeAssessedByLibrary];

/** The parser of account events. */
const accountEventParser = /* @__PURE__ */ eventParser<AccountEvent>({
  schemas: (digits) => eventSchemas(eventFields(digits)),
  retired: retiredShapes,
});

/**
 * Reads an event of any origin: from a database, a file, another program.
 *
 * Events of earlier releases are returned in the current shape. The function checks the event itself: its fields,
 * canonical amounts, existing dates. {@link index.fold | fold} checks whether it can follow the events before it.
 *
 * @param input - any value
 * @returns the event, a copy that shares nothing with the input
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` with all faults in `details.faults`
 *
 * @example
 * ```ts
 * import { parseEvent } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const event = parseEvent({ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } });
 * event.type; //=> 'FeeDisputed'
 * parseEvent({ type: 'FeeDisputed', data: { feeId: 'f1', at: '2026-02-30T09:00:00Z' } }); //=> throws INVALID_EVENT
 * ```
 */
export function parseEvent(input: unknown): AccountEvent {
  return accountEventParser.parse(input);
}

/**
 * Writes an event as JSON text, on one line.
 *
 * @param event - an event
 * @returns the text, which {@link decodeEvent} reads
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` if the event is invalid, so that every
 * written event can be read
 *
 * @example
 * ```ts
 * import { encodeEvent } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * encodeEvent({ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } });
 * //=> '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}'
 * ```
 */
export function encodeEvent(event: AccountEvent): string {
  return JSON.stringify(parseEvent(event));
}

/**
 * Reads an event from JSON text. Events of earlier releases are returned in the current shape.
 *
 * @param text - the result of {@link encodeEvent}, of this or an earlier release
 * @returns the event
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` if the text is not JSON, or not a valid event
 *
 * @example
 * ```ts
 * import { decodeEvent, encodeEvent } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const text = encodeEvent({ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } });
 * text; //=> '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}'
 * decodeEvent(text).type; //=> 'FeeDisputed'
 * ```
 */
export function decodeEvent(text: string): AccountEvent {
  return accountEventParser.parsePlain(parsedJson(text));
}

/**
 * Writes events as NDJSON: one JSON text per line, each line ended.
 *
 * @param events - events, in the stream's order
 * @returns the text, which {@link decodeEvents} reads; empty when there are no events
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` if one of them is invalid; `details.line`
 * counts from 1
 *
 * @example
 * ```ts
 * import { encodeEvents } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * encodeEvents([{ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } }]);
 * //=> '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}\n'
 * ```
 */
export function encodeEvents(events: Iterable<AccountEvent>): string {
  let line = 0;
  let text = '';
  for (const event of events) {
    line += 1;
    text += `${atLine(line, () => encodeEvent(event))}\n`;
  }
  return text;
}

/**
 * Reads events from NDJSON. Lines may end in CRLF, and the last line end is optional.
 *
 * @param text - one event per line; an empty line is refused, since it may be the rest of a damaged one
 * @returns the events, in the order of the lines
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` if a line is not a valid event;
 * `details.line` counts from 1; `INVALID_ARGUMENT` if `text` is not a string
 *
 * @example
 * ```ts
 * import { decodeEvents } from 'patron-fees/history';
 *
 * const line = '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}';
 * decodeEvents(`${line}\n`).map(({ type }) => type); //=> ['FeeDisputed']
 * decodeEvents(`${line}\n{"type":"Fee`); //=> throws INVALID_EVENT
 * ```
 */
export function decodeEvents(text: string): AccountEvent[] {
  if (typeof text !== 'string')
    throw new PatronFeesError('INVALID_ARGUMENT', mismatchText('text', 'text', text, typeof text));
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => atLine(index + 1, () => decodeEvent(line)));
}

/** How the events of a store are written as text and read, and how its streams are named. */
export type EventCodec<Event, Field extends IdField = 'patronId'> = {
  /** Writes an event as one line of text. Throws `INVALID_EVENT` for an invalid one. */
  readonly encode: (event: Event) => string;
  /** Reads an event. Throws `INVALID_EVENT` if the text is not a valid event. */
  readonly decode: (text: string) => Event;
  /** The field of a stream's key beside `institution`: `patronId` for events of accounts, else `stream`. */
  readonly idField: Field;
};

/** Creates a codec that writes and reads events as JSON. */
export function eventCodec<Event, Field extends IdField>(
  { parse, parsePlain }: EventParser<Event>,
  idField: Field,
): EventCodec<Event, Field> {
  return {
    encode: (event) => JSON.stringify(parse(event)),
    decode: (text) => parsePlain(parsedJson(text)),
    idField,
  };
}

/** The codec of the events of patron accounts, which every store uses unless it is given another one. */
export const accountEvents = /* @__PURE__ */ eventCodec(accountEventParser, 'patronId');

/** Reads JSON text. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PatronFeesError('INVALID_EVENT', 'expected JSON', {
      faults: [{ path: '', expected: 'JSON', found: typeof text === 'string' ? 'other text' : typeof text }],
    });
  }
}

/** Runs a task, and adds the line number to its errors. */
export function atLine<Result>(line: number, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!isPatronFeesError(error)) throw error;
    throw new PatronFeesError(error.code, `line ${line}: ${error.message.slice(error.code.length + 2)}`, {
      ...error.details,
      line,
    });
  }
}

/** A row of the table of events; drivers return integers as numbers, strings or BigInts. */
export type StoreRow = Readonly<Record<string, unknown>>;

/** Returns the event of a row. */
export function recordedEventOf<Event>(
  { version, recorded_at, event }: StoreRow,
  { decode }: Pick<EventCodec<Event>, 'decode'>,
): RecordedEvent<Event> {
  return { version: Number(version), recordedAt: String(recorded_at), event: decode(String(event)) };
}

/** Returns the event of a row as text, with its stream. */
export function storedTextOf(row: StoreRow): RecordedEvent<string> & StreamId {
  const { institution, patron_id, version, recorded_at, event } = row;
  return {
    institution: String(institution),
    patronId: String(patron_id),
    version: Number(version),
    recordedAt: String(recorded_at),
    event: String(event),
  };
}

/** Returns the stream that a row belongs to. */
export function streamOf({ institution, patron_id }: StoreRow): StreamId {
  return { institution: String(institution), patronId: String(patron_id) };
}
