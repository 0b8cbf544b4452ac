import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type AccountEvent, isPatronFeesError } from 'patron-fees';
import { decodeEvent, type NamedStream, type StreamId } from 'patron-fees/history';
import { type OfficeEvent, officeEvents } from 'patron-fees/office';

/** Where an event of a file or a store is. */
type EventPlace = {
  /** The line in a file, from 1; 0 for an event of a store. */
  readonly line: number;
  readonly version: number | null;
  readonly recordedAt: string | null;
};

/** An event of an account; `stream` is null if it does not say whose it is, as in a file of one account. */
export type AccountLine = EventPlace & { readonly stream: StreamId | null; readonly event: AccountEvent };

/** An event of the office. */
export type OfficeLine = EventPlace & { readonly stream: NamedStream; readonly event: OfficeEvent };

/** An event of a file or a store. */
export type EventLine = AccountLine | OfficeLine;

/** Returns whether an event is of the office. */
export function isOfficeLine(line: Pick<EventLine, 'stream'>): line is OfficeLine {
  return line.stream !== null && 'stream' in line.stream;
}

/** The patron's id or the name of a stream of the office; null for an event that does not say whose it is. */
export function idOfLine(line: Pick<EventLine, 'stream'>): string | null {
  const { patronId, stream } = whoseIs(line);
  return stream ?? patronId;
}

/** Whose an event is, in what commands print as JSON: `stream` only of the office, whose events are of no patron. */
export type Whose = { readonly patronId: string | null; readonly stream?: string };

/** Returns whose an event is. */
export function whoseIs({ stream }: Pick<EventLine, 'stream'>): Whose {
  if (stream === null) return { patronId: null };
  return 'stream' in stream ? { patronId: null, stream: stream.stream } : { patronId: stream.patronId };
}

/** What is wrong with a line of a file, or an event of a store. */
export type LineFault = Whose & {
  /** The file or the store. */
  readonly source: string;
  /** From 1; null for an event of a store. */
  readonly line: number | null;
  /** From 1; null for an event of a store. */
  readonly column: number | null;
  readonly version: number | null;
  readonly code: string;
  readonly message: string;
};

/** Returns the message for a command about accounts that was given events of the office. */
export function ofOffice(source: string): string {
  return `${source}: its events are of the office. Commands for them: validate, diff, explain, export.`;
}

/** The numbers of accounts and of streams of the office; the latter only if there are any. */
export function accountsText(of: { readonly accounts: number; readonly officeStreams: number }): string {
  const office = of.officeStreams === 0 ? '' : ` and ${of.officeStreams} streams of the office`;
  return `${of.accounts} accounts${office}`;
}

/** Where a fault is, as compilers write it. */
export function faultText({ source, line, column, patronId, stream, version, message }: LineFault): string {
  if (line !== null) return `${source}:${line}:${column}: ${message}`;
  return `${source}: ${stream ?? patronId}, version ${version}: ${message}`;
}

/** Makes the fault of an event that was read. */
export function faultOf(source: string, place: EventLine, error: unknown): LineFault {
  const { line, version } = place;
  const { code, message } = error as { readonly code?: string; readonly message: string };
  return {
    source,
    line: line === 0 ? null : line,
    column: line === 0 ? null : 1,
    ...whoseIs(place),
    version,
    code: code ?? 'ERROR',
    message: messageOf(message),
  };
}

/** Removes the code, which a fault has beside the message. */
function messageOf(message: string): string {
  return message.replace(/^[A-Z_]+: /, '');
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/;

/** Thrown for an unreadable line: the place in it, and why. */
type Unreadable = { readonly column: number; readonly code: string; readonly message: string };

/**
 * Reads a line: an event, or an event as a store returns it (`institution`, `patronId`, `version`, `recordedAt`,
 * `event`), as `patron-fees export` writes it. An event of the office has a `stream` instead of `patronId`.
 */
export function readEventLine(text: string, line: number): EventLine | Unreadable {
  if (text.startsWith('['))
    return { column: 1, code: 'NOT_JSON', message: 'expected an event a line, found a list' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return notJson(text);
  }
  const isStored = typeof value === 'object' && value !== null && 'event' in value;
  const {
    institution,
    patronId,
    stream,
    version = null,
    recordedAt = null,
    event,
  } = Object(isStored ? value : {});
  if (isStored) {
    const wrong = (field: string, expected: string) => ({
      column: columnOf(text, [field]),
      code: 'INVALID_LINE',
      message: `${field}: expected ${expected}`,
    });
    if ((institution ?? patronId ?? stream) !== undefined) {
      if (typeof institution !== 'string' || institution === '') return wrong('institution', 'a name');
      if (stream !== undefined) {
        if (typeof stream !== 'string' || stream === '') return wrong('stream', 'a name');
      } else if (typeof patronId !== 'string' || patronId === '') return wrong('patronId', 'an id');
    }
    if (version !== null && !(Number.isSafeInteger(version) && version > 0))
      return wrong('version', 'a whole number from 1');
    if (recordedAt !== null && !(TIME.test(recordedAt) && Date.parse(recordedAt) >= 0))
      return wrong('recordedAt', 'a time, ISO 8601 with a zone');
  }
  try {
    const place = { line, version, recordedAt };
    const eventText = isStored ? JSON.stringify(event ?? null) : text;
    if (stream !== undefined)
      return { ...place, stream: { institution, stream }, event: officeEvents.decode(eventText) };
    const account = patronId === undefined ? null : { institution, patronId };
    return { ...place, stream: account, event: decodeEvent(eventText) };
  } catch (error) {
    if (!isPatronFeesError(error)) throw error;
    const { faults = [] } = error.details as { readonly faults?: readonly { readonly path: string }[] };
    const path = [...(isStored ? ['event'] : []), ...pathOf(faults[0]?.path ?? '')];
    return { column: columnOf(text, path), code: error.code, message: messageOf(error.message) };
  }
}

/** Finds where a text stops being JSON. */
export function notJson(text: string): Unreadable {
  const code = 'NOT_JSON';
  if (text.trim() === '') return { column: 1, code, message: 'expected an event, found an empty line' };
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first === undefined) return { column: 1, code, message: 'expected JSON' };
  const words = printParseErrorCode(first.error).replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { column: first.offset + 1, code, message: `expected JSON: ${words.toLowerCase()}` };
}

/** The names and indexes of a path such as `allocations[0].amount`. */
function pathOf(path: string): (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The column of a field; of what surrounds it, if it is missing. */
function columnOf(text: string, path: readonly (string | number)[]): number {
  const root = parseTree(text) as Node;
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.offset + 1;
  }
  return root.offset + 1;
}
