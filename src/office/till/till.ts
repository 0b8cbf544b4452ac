import type { GivenCommand } from '../../account/duties.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { foldOffice } from '../foldOffice.js';
import type { TillActor, TillCount, TillEvent } from './tillEvents.js';

/** One session of a till: from its opening to its closing. Amounts are decimal strings. */
export type TillSession = {
  /** The session. */
  readonly sessionId: string;
  /** When the till was opened. */
  readonly openedAt: string;
  /** Who opened it. */
  readonly openedBy: TillActor;
  /** The amount in the drawer at the start. */
  readonly float: string;
  /** The payment method whose money lies in the drawer. */
  readonly floatMethod: string;
  /** The sum of the money put into the drawer since. */
  readonly movedIn: string;
  /** The sum of the money taken out of the drawer since. */
  readonly movedOut: string;
  /** The closing; null while the till is open. */
  readonly closing: TillClosing | null;
  /** The commands given for it and who gave them, in order: for the policy's duties. */
  readonly given: readonly GivenCommand[];
};

/** How a session ended. */
export type TillClosing = {
  /** The closing. */
  readonly closingId: string;
  /** When the till was closed. */
  readonly closedAt: string;
  /** Who counted and closed it. */
  readonly closedBy: TillActor;
  /** The count of each method. */
  readonly counts: readonly TillCount[];
  /** The reference of the deposit; null if it has none. */
  readonly depositReference: string | null;
  /** The instant before which the takings were recorded; null if the closing does not say. */
  readonly takenUntil: string | null;
  /** The sum of the differences, each taken as positive. */
  readonly difference: string;
  /** The highest difference that needs no other user; null if the differences are not above it, or no limit was set. */
  readonly differenceAbove: string | null;
  /** Who accepted the differences; null if nobody did. */
  readonly acceptedBy: TillActor | null;
};

/** A till: all its sessions. */
export type Till = {
  /** ISO 4217 code of all amounts; null before the first event. */
  readonly currency: string | null;
  /** The number of events, which is the version of the stream. */
  readonly eventCount: number;
  /** The sessions, oldest first; only the last one can be open. */
  readonly sessions: readonly TillSession[];
  /** The digests of the commands so far, by session and by the command's id. */
  readonly commands: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

/** A till without events. */
export const emptyTill: Till = { currency: null, eventCount: 0, sessions: [], commands: new Map() };

/**
 * Folds the events of a till.
 *
 * @param events - events of one till, in the stream's order
 * @param till - the till before them; an empty one if left out
 * @returns the till after them
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event cannot follow the events before
 * it: an opening of an open till, a movement or a count without an open session, another currency, an id used twice, a
 * count whose figures do not add up, an acceptance of no difference; `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT` for another value in
 * it
 *
 * @example
 * ```ts
 * import { foldTill } from 'patron-fees/office';
 *
 * const by = { channel: 'desk', userId: 'ana' } as const;
 * const session = { sessionId: 'CIRC/1', currency: 'USD', at: '2026-03-02T09:00:00-05:00', by };
 * const metadata = { commandId: 'CIRC/1', commandDigest: '0123456789abcdef' };
 * const opened = { type: 'TillOpened' as const, data: { ...session, float: '50.00', floatMethod: 'CASH' }, metadata };
 * foldTill([opened]).sessions[0]?.float; //=> '50.00'
 * foldTill([opened, opened]); //=> throws CORRUPT_HISTORY
 * ```
 */
export function foldTill(events: Iterable<TillEvent>, till: Till = emptyTill): Till {
  const sessions = [...till.sessions];
  const commands = new Map<string, Map<string, string>>();
  for (const [sessionId, known] of till.commands) commands.set(sessionId, known as Map<string, string>);
  const own = new Set<string>();
  /** Returns the commands of a session, which may be changed. */
  const commandsOf = (sessionId: string): Map<string, string> => {
    if (!own.has(sessionId)) commands.set(sessionId, new Map(commands.get(sessionId)));
    own.add(sessionId);
    return commands.get(sessionId) as Map<string, string>;
  };
  let { currency } = till;
  const eventCount = foldOffice(events, till.eventCount, (event, fail) => {
    const { commandId, commandDigest } = event.metadata;
    const { sessionId } = event.data;
    if (event.type === 'TillOpened' && commands.has(sessionId))
      fail(`session ${sessionId} was opened before`);
    const ofSession = commandsOf(sessionId);
    if (ofSession.has(commandId)) fail(`the command ${commandId} has events already`);
    if (currency !== null && currency !== event.data.currency) {
      fail(`expected ${currency}, found ${event.data.currency}`);
    }
    currency = event.data.currency;
    ofSession.set(commandId, commandDigest);
    const session = sessions.at(-1);
    if (event.type === 'TillOpened') {
      if (session?.closing === null) fail(`session ${session.sessionId} is still open`);
      sessions.push(openedSession(event.data, currency));
      return;
    }
    if (event.type === 'TillDifferenceAccepted') {
      const index = sessions.findIndex((one) => one.sessionId === sessionId);
      const accepted = acceptedSession(sessions[index], event.data);
      if (typeof accepted === 'string') return fail(accepted);
      sessions[index] = accepted;
      return;
    }
    if (session === undefined || session.closing !== null || session.sessionId !== event.data.sessionId) {
      return fail(`session ${event.data.sessionId} is not open`);
    }
    const next = event.type === 'TillClosed' ? closed(session, event.data) : moved(session, event.data);
    if (typeof next === 'string') return fail(next);
    sessions[sessions.length - 1] = next;
  });
  return { currency, eventCount, sessions, commands };
}

type DataOf<Type extends TillEvent['type']> = Extract<TillEvent, { type: Type }>['data'];

function openedSession(data: DataOf<'TillOpened'>, currency: string): TillSession {
  const digits = digitsOf(currency);
  const zero = formatAmount(0, digits);
  const { sessionId, at: openedAt, by: openedBy, floatMethod } = data;
  const float = formatAmount(minorUnits(data.float), digits);
  const given: readonly GivenCommand[] = [{ commandType: 'OpenTill', userId: openedBy.userId }];
  const moved = { movedIn: zero, movedOut: zero };
  return { sessionId, openedAt, openedBy, float, floatMethod, ...moved, closing: null, given };
}

function moved(session: TillSession, data: DataOf<'TillMoneyMoved'>): TillSession {
  const field = data.direction === 'in' ? 'movedIn' : 'movedOut';
  const sum = minorUnits(session[field]) + minorUnits(data.amount);
  const given = givenAlso(session, 'MoveTillMoney', data.by);
  return { ...session, [field]: formatAmount(sum, digitsOf(data.currency)), given };
}

/** Returns the closed session, or what is wrong with the count. */
function closed(session: TillSession, data: DataOf<'TillClosed'>): TillSession | string {
  const { closingId, at: closedAt, by: closedBy, counts, depositReference = null } = data;
  for (const { method, takings, expected, counted, difference, deposit } of counts) {
    const start = method === session.floatMethod ? drawerOf(session) : 0n;
    if (minorUnits(expected) !== start + minorUnits(takings))
      return `${method}: the expected amount is wrong`;
    if (minorUnits(difference) !== minorUnits(counted) - minorUnits(expected))
      return `${method}: the difference is wrong`;
    const dropped = method === session.floatMethod ? minorUnits(session.movedOut) : 0n;
    if (minorUnits(deposit) > minorUnits(counted) + dropped)
      return `${method}: the deposit exceeds the count`;
  }
  const { takenUntil = null, differenceAbove = null } = data;
  const difference = formatAmount(differenceOf(counts), digitsOf(data.currency));
  const figures = { closingId, closedAt, closedBy, counts, depositReference, takenUntil };
  const closing = { ...figures, difference, differenceAbove, acceptedBy: null };
  return { ...session, closing, given: givenAlso(session, 'CloseTill', closedBy) };
}

/** Returns the session with its differences accepted, or what is wrong with that. */
function acceptedSession(
  session: TillSession | undefined,
  { sessionId, amount, by: acceptedBy }: DataOf<'TillDifferenceAccepted'>,
): TillSession | string {
  if (session === undefined || session.closing === null) return `session ${sessionId} is not closed`;
  const { closing } = session;
  if (closing.acceptedBy !== null) return `the difference of session ${sessionId} is accepted already`;
  if (minorUnits(amount) !== minorUnits(closing.difference))
    return `expected ${closing.difference}, found ${amount}`;
  const given = givenAlso(session, 'AcceptTillDifference', acceptedBy);
  return { ...session, closing: { ...closing, acceptedBy }, given };
}

function givenAlso(
  { given }: TillSession,
  commandType: GivenCommand['commandType'],
  { userId }: TillActor,
): readonly GivenCommand[] {
  return [...given, { commandType, userId }];
}

/** Returns the sum of the differences of a count, each taken as positive, in minor units. */
export function differenceOf(counts: readonly Pick<TillCount, 'difference'>[]): bigint {
  return counts.reduce((sum, { difference }) => {
    const minor = minorUnits(difference);
    return sum + (minor < 0n ? -minor : minor);
  }, 0n);
}

/** Returns the money in the drawer without the takings, in minor units: the float and what was moved. */
export function drawerOf({ float, movedIn, movedOut }: TillSession): bigint {
  return minorUnits(float) + minorUnits(movedIn) - minorUnits(movedOut);
}
