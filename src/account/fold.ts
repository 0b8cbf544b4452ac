import { PatronFeesError } from '../errors.js';
import { apply } from './apply.js';
import { historyError } from './corruptHistory.js';
import type { AccountEvent } from './events/accountEvent.js';
import { whileIndexed } from './ids.js';
import {
  type AccountState,
  assertAccount,
  copyOfRow,
  emptyAccount,
  type PatronAccount,
  type RowKind,
  readingAccount,
  rowKinds,
  rowsOf,
} from './patronAccount.js';

/** Options of {@link fold}. */
export type FoldOptions = {
  /**
   * The name of the stream, for the error's `details.stream` if its history is corrupt.
   *
   * @defaultValue no name
   */
  readonly stream?: string;
};

/**
 * Returns the account after a list of events. Pure: the same events give the same account, independent of policy, clock
 * and locale.
 *
 * Never changes `account`. The result may share `by` and `item` objects with the events, so do not change events after
 * folding them.
 *
 * @param events - the events, in stream order
 * @param account - the account before them; empty if left out
 * @param options - the name of the stream, for error messages
 * @returns the account after them
 * @throws {@link PatronFeesError} `CORRUPT_HISTORY` when an event cannot follow the events before it: the error names
 * the fault, the stream, the event's position and the figures, and nothing is half-applied; `INVALID_ACCOUNT` when the
 * second argument is not an account; `INVALID_ARGUMENT` when the first is not a list
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { summary } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'PaymentReceived',
 *     data: {
 *       paymentId: 'p1',
 *       amount: '22.23',
 *       currency: 'USD',
 *       method: 'CASH',
 *       allocations: [{ feeId: 'f1', amount: '22.23' }],
 *       at,
 *     },
 *   },
 * ]);
 * summary(account, definePolicy({ currency: 'USD' })).active; //=> '2.77'
 * ```
 */
export function fold(
  events: Iterable<AccountEvent>,
  account?: PatronAccount,
  options: FoldOptions = {},
): PatronAccount {
  const stream = readStream(options);
  const state =
    account === undefined
      ? (emptyAccount() as AccountState)
      : readingAccount(account, () => mutableCopy(account));
  applyAll(state, events, { ...(stream !== undefined && { stream }) });
  return state;
}

/** Reads the options once. */
function readStream(options: FoldOptions): string | undefined {
  try {
    const { stream } = options;
    if (typeof options === 'object' && (stream === undefined || typeof stream === 'string')) return stream;
  } catch {
    // Reading them throws: refused, as anything else that is no object with a name.
  }
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    'options: expected an object with a text as `stream`, or nothing',
  );
}

/**
 * Applies events in place, each completely or not at all, to a private account made by `mutableCopy`. After an error
 * the account has the events before the faulty one. {@link fold} does the same on a copy.
 */
export function applyAll(
  state: AccountState,
  events: Iterable<AccountEvent>,
  options: FoldOptions = {},
): void {
  if (typeof events?.[Symbol.iterator] !== 'function') {
    throw new PatronFeesError('INVALID_ARGUMENT', 'events: expected a list of events');
  }
  const all = () => {
    for (const event of events) applyOne(state, event, options.stream);
  };
  if (state.ids.length === 0) whileIndexed(state.ids, all);
  else all();
}

/**
 * Applies one event in place, completely or not at all.
 *
 * @throws {@link PatronFeesError} `CORRUPT_HISTORY` with the event's position and type
 */
export function applyOne(state: AccountState, event: AccountEvent, stream?: string): void {
  const { eventCount } = state;
  try {
    apply(state, event);
  } catch (error) {
    throw historyError(error, eventCount, event, stream);
  }
}

/** Returns a private copy of an account to which events can be applied in place. */
export function mutableCopy(account: PatronAccount): AccountState {
  assertAccount(account);
  const copy: AccountState = { ...(account as AccountState), ids: [...account.ids] as AccountState['ids'] };
  for (const kind of Object.keys(rowKinds) as RowKind[]) {
    Object.assign(copy, { [rowKinds[kind].list]: rowsOf(account, kind).map((row) => copyOfRow(kind, row)) });
  }
  return copy;
}
