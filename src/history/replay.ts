import type { AccountEvent } from '../account/events.js';
import { applyOne, type FoldOptions } from '../account/fold.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { atLine, decodeEvent, parsedJson } from './codec.js';

/** How stored events are replayed. */
export type ReplayOptions = FoldOptions & {
  /**
   * Whether every event is held to its schema and brought up to date, as {@link decodeEvent} does; true if left out.
   * False is for a log that this very release wrote and nobody touched: whether each event can follow the ones before
   * it is checked all the same, but events of earlier releases and fields of a wrong kind are not looked for.
   */
  readonly validate?: boolean;
};

/**
 * The account that stored events add up to, read and folded line by line: no list of events is made, so memory is for
 * one event and the account.
 *
 * @param ndjson - one event a line: a text, its bytes in UTF-8, or the lines one by one
 * @param options - whether events are validated, and the name of the stream, for error messages
 * @returns the account after the last line
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` when a line says no event (`details.line` counts from 1) or the bytes
 * are no UTF-8; `CORRUPT_HISTORY` when an event cannot follow the ones before it; `INVALID_ARGUMENT` for neither text nor
 * bytes nor lines
 *
 * @example
 * ```ts
 * import { balances } from 'patron-fees';
 * import { encodeEvents, replay } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * const log = encodeEvents([{ type: 'FeeAssessed', data: fee }]);
 * balances(replay(log)).active; //=> 250
 * balances(replay(new TextEncoder().encode(log), { validate: false })).active; //=> 250
 * ```
 */
export function replay(
  ndjson: string | Uint8Array | Iterable<string>,
  options: ReplayOptions = {},
): PatronAccount {
  const state = emptyAccount() as AccountState;
  const read = options.validate === false ? parsedJson : decodeEvent;
  let number = 0;
  const take = (line: string) => {
    number += 1;
    const event = atLine(number, () => read(line)) as AccountEvent;
    applyOne(state, event, options.stream);
  };
  if (typeof ndjson === 'string') eachLine(ndjson, take);
  else if (ndjson instanceof Uint8Array) eachPiece(ndjson, (text) => eachLine(text, take));
  else if (typeof ndjson?.[Symbol.iterator] === 'function') for (const line of ndjson) take(line);
  else throw new PatronFeesError('INVALID_ARGUMENT', 'ndjson: expected a text, its bytes or a list of lines');
  return state;
}

/** Goes through the lines of a text; the last one need not end. */
function eachLine(text: string, take: (line: string) => void): void {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end;
    take(text.slice(start, next));
    start = next + 1;
  }
}

const LINE_END = 10;

/** Bytes decoded at a time: of a small piece, the text is still in the processor's caches when it is parsed. */
const PIECE_BYTES = 65_536;

/** Decodes bytes in pieces of whole lines. */
function eachPiece(bytes: Uint8Array, take: (text: string) => void): void {
  let start = 0;
  while (start < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_END, start + PIECE_BYTES);
    const next = lineEnd < 0 ? bytes.length : lineEnd + 1;
    take(decoded(bytes.subarray(start, next), start > 0));
    start = next;
  }
}

/** @param ignoreBOM - whether a byte order mark is text like any other, as it is anywhere but at the beginning */
function decoded(bytes: Uint8Array, ignoreBOM: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM }).decode(bytes);
  } catch {
    throw new PatronFeesError('INVALID_EVENT', 'expected UTF-8', {
      faults: [{ path: '', expected: 'UTF-8', found: 'other bytes' }],
    });
  }
}
