import type { AccountEvent } from '../account/events/accountEvent.js';
import { applyOne, type FoldOptions } from '../account/fold.js';
import { whileIndexed } from '../account/ids.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { atLine, decodeEvent, parsedJson } from './codec.js';

/** How stored events are replayed. */
export type ReplayOptions = FoldOptions & {
  /**
   * Whether every event is validated and upcast, as {@link decodeEvent} does. Use false only for a log that this
   * release wrote and nobody changed: events of earlier releases and invalid fields are then not detected, but whether
   * each event can follow the ones before it is still checked.
   *
   * @defaultValue true
   */
  readonly validate?: boolean;
};

/**
 * Folds stored events line by line, without a list of events: only one event and the account are in memory.
 *
 * @param ndjson - one event per line: a string, its UTF-8 bytes, or an iterable of lines
 * @param options - whether events are validated, and the name of the stream, for error messages
 * @returns the account after the last line
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_EVENT` if a line is not a valid event
 * (`details.line` counts from 1) or the bytes are not UTF-8; `CORRUPT_HISTORY` if an event cannot follow the ones
 * before it; `INVALID_ARGUMENT` if `ndjson` is neither a string nor bytes nor iterable
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits } from 'patron-fees';
 * import { encodeEvents, replay } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * const log = encodeEvents([{ type: 'FeeAssessed', data: fee }]);
 * balancesInMinorUnits(replay(log)).active; //=> 250
 * balancesInMinorUnits(replay(new TextEncoder().encode(log), { validate: false })).active; //=> 250
 * ```
 */
export function replay(
  ndjson: string | Uint8Array | Iterable<string>,
  options: ReplayOptions = {},
): PatronAccount {
  const state = emptyAccount() as AccountState;
  const read = options.validate === false ? parsedJson : decodeEvent;
  let number = 0;
  const applyLine = (line: string) => {
    number += 1;
    const event = atLine(number, () => read(line)) as AccountEvent;
    applyOne(state, event, options.stream);
  };
  whileIndexed(state.ids, () => {
    if (typeof ndjson === 'string') eachLine(ndjson, applyLine);
    else if (ndjson instanceof Uint8Array) eachPiece(ndjson, (text) => eachLine(text, applyLine));
    else if (typeof ndjson?.[Symbol.iterator] === 'function') for (const line of ndjson) applyLine(line);
    else
      throw new PatronFeesError(
        'INVALID_ARGUMENT',
        'ndjson: expected a string, its bytes or a list of lines',
      );
  });
  return state;
}

/** Passes on the lines of a text; the last line end is optional. */
function eachLine(text: string, apply: (line: string) => void): void {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end;
    apply(text.slice(start, next));
    start = next + 1;
  }
}

const LINE_END = 10;

/** Bytes decoded at a time: the text of a small piece is still in the processor's caches when it is parsed. */
const PIECE_BYTES = 65_536;

/** Decodes bytes in pieces of whole lines. */
function eachPiece(bytes: Uint8Array, apply: (text: string) => void): void {
  let start = 0;
  while (start < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_END, start + PIECE_BYTES);
    const next = lineEnd < 0 ? bytes.length : lineEnd + 1;
    apply(decoded(bytes.subarray(start, next), { ignoreBOM: start > 0 }));
    start = next;
  }
}

/** @param options - `ignoreBOM` keeps a byte order mark as text; only the one at the beginning of the log is dropped */
function decoded(bytes: Uint8Array, options: { readonly ignoreBOM: boolean }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ...options }).decode(bytes);
  } catch {
    throw new PatronFeesError('INVALID_EVENT', 'expected UTF-8', {
      faults: [{ path: '', expected: 'UTF-8', found: 'other bytes' }],
    });
  }
}
