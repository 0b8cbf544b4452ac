import type { SameUser } from '../../account/rejections/commandRejections.js';
import { areTwoUsers } from '../../account/userKey.js';
import { formatAmount, minorUnits, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { knownCodes } from '../../policy/knownCodes.js';
import {
  circumstancesOf,
  decideOffice,
  type OfficeContext,
  type OfficeDecideOptions,
  type OfficeDecision,
  type OfficeRejection,
} from '../officeDecision.js';
import { byDigits, officeAmounts } from '../officeFields.js';
import { differenceOf, drawerOf, type Till, type TillSession } from './till.js';
import {
  type AcceptTillDifference,
  type CloseTill,
  type MethodAmount,
  type MoveTillMoney,
  type OpenTill,
  type TillCommand,
  tillCommandSchema,
} from './tillCommands.js';
import type { TillCount, TillEvent } from './tillEvents.js';
import type { TillMethodUnknown, TillRejection } from './tillRejection.js';

/** The result of {@link decideTill}: the events to append, or the rejection. */
export type TillDecision = OfficeDecision<TillEvent, TillRejection>;

/**
 * Decides a command to a till. Pure, so it can also be used for a dry run.
 *
 * The same command with the same id is a repeat: it is accepted without events. The id of a session is unique in the
 * till, every other id in its session.
 *
 * @param command - a command
 * @param till - the till
 * @param policy - the institution's policy, for the currency and the payment methods
 * @param options - the present time
 * @returns the events to append, or the rejection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY` for an invalid policy; `INVALID_ARGUMENT` if
 * the policy has `backdating` and `now` is missing
 *
 * @example A till that is 0.50 short
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideTill, emptyTill, foldTill } from 'patron-fees/office';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
 * const at = '2026-03-02T09:00:00-05:00';
 * const opened = decideTill({ type: 'OpenTill', id: 'CIRC/1', float: '50', at, by }, emptyTill, policy);
 * const close = {
 *   type: 'CloseTill' as const,
 *   id: 'CIRC/1/close',
 *   sessionId: 'CIRC/1',
 *   takings: [{ method: 'CASH', amount: '12.50' }],
 *   counts: [{ method: 'CASH', amount: '62' }],
 *   at: '2026-03-02T18:00:00-05:00',
 *   by,
 * };
 * const till = foldTill(decideTill(close, foldTill(opened.events), policy).events, foldTill(opened.events));
 * till.sessions[0]?.closing?.counts[0];
 * //=> {
 * //     method: 'CASH',
 * //     takings: '12.50',
 * //     expected: '62.50',
 * //     counted: '62.00',
 * //     difference: '-0.50',
 * //     deposit: '12.00',
 * //   }
 * const again = decideTill({ ...close, id: 'CIRC/1/again' }, till, policy);
 * again.accepted ? null : again.rejection.type; //=> 'TillSessionClosed'
 * ```
 */
export function decideTill(
  command: TillCommand,
  till: Till,
  policy: FeePolicy,
  options: OfficeDecideOptions = {},
): TillDecision {
  const commands = till.commands.get(sessionOf(command)) ?? new Map<string, string>();
  const rules = {
    schema,
    decide: (canonical: TillCommand, context: OfficeContext) => decideByType(canonical, till, context),
    before: ({ data }: TillEvent) =>
      till.sessions.find(({ sessionId }) => sessionId === data.sessionId)?.given ?? [],
  };
  return decideOffice<TillCommand, TillEvent, Refused>(
    command,
    { ...till, commands },
    policy,
    rules,
    options,
  );
}

const schema = /* @__PURE__ */ byDigits((digits) => tillCommandSchema(officeAmounts(digits)));

type Refused = TillRejection | OfficeRejection;

/** Returns the session of a command, which may be malformed: it names what the command creates only in its session. */
function sessionOf(command: TillCommand): string {
  return command?.type === 'OpenTill' ? command.id : command?.sessionId;
}

function decideByType(command: TillCommand, till: Till, context: OfficeContext): TillEvent | Refused {
  if (command.type === 'OpenTill') return openTill(command, till, context);
  const session = till.sessions.find(({ sessionId }) => sessionId === command.sessionId);
  if (session === undefined)
    return { type: 'TillSessionNotFound', kind: 'notFound', sessionId: command.sessionId };
  if (command.type === 'AcceptTillDifference') return acceptDifference(command, session, context);
  if (session.closing !== null) {
    const { closedAt, closedBy } = session.closing;
    return { type: 'TillSessionClosed', kind: 'conflict', sessionId: session.sessionId, closedAt, closedBy };
  }
  return command.type === 'CloseTill'
    ? closeTill(command, session, context)
    : moveMoney(command, session, context);
}

function openTill(
  command: OpenTill,
  till: Till,
  { policy, metadata }: OfficeContext,
): TillEvent | TillRejection {
  const { id, float, floatMethod = 'CASH' } = command;
  const last = till.sessions.at(-1);
  if (last?.closing === null) {
    const { sessionId, openedAt, openedBy } = last;
    return { type: 'TillAlreadyOpen', kind: 'conflict', sessionId, openedAt, openedBy };
  }
  if (!Object.hasOwn(policy.paymentMethods, floatMethod)) {
    return methodUnknown(floatMethod, policy);
  }
  const data = { sessionId: id, currency: policy.currency, float, floatMethod, ...circumstancesOf(command) };
  return { type: 'TillOpened', data, metadata };
}

function methodUnknown(method: string, { paymentMethods }: FeePolicy): TillMethodUnknown {
  const known = knownCodes(method, Object.keys(paymentMethods));
  return { type: 'TillMethodUnknown', kind: 'invalid', method, known };
}

function moveMoney(command: MoveTillMoney, { sessionId }: TillSession, context: OfficeContext): TillEvent {
  const { id: movementId, direction, amount } = command;
  const { currency } = context.policy;
  const data = { sessionId, movementId, currency, direction, amount, ...circumstancesOf(command) };
  return { type: 'TillMoneyMoved', data, metadata: context.metadata };
}

function closeTill(command: CloseTill, session: TillSession, context: OfficeContext): TillEvent | Refused {
  const { policy, digits, metadata } = context;
  const { id: closingId, takings, counts, deposits, depositReference, takenUntil } = command;
  const write = (minor: bigint) => formatAmount(minor, digits);
  const [takenBy, countedBy, depositedBy] = [byMethod(takings), byMethod(counts), byMethod(deposits ?? [])];
  const methods = [...new Set([...counts, ...takings, ...(deposits ?? [])].map(({ method }) => method))];
  if (!methods.includes(session.floatMethod)) methods.push(session.floatMethod);
  const counted: TillCount[] = [];
  for (const method of methods) {
    const taken = takenBy.get(method) ?? 0n;
    const isDrawer = method === session.floatMethod;
    const expected = taken + (isDrawer ? drawerOf(session) : 0n);
    const count = countedBy.get(method);
    if (isDrawer && count !== undefined && count < 0n) return negativeDrawer(counts, method, write(count));
    if (count !== undefined && !Object.hasOwn(policy.paymentMethods, method) && expected === 0n) {
      return methodUnknown(method, policy);
    }
    if (count === undefined && expected !== 0n) {
      return { type: 'TillMethodNotCounted', kind: 'invalid', method, expected: write(expected) };
    }
    const found = count ?? 0n;
    const float = isDrawer ? minorUnits(session.float) : 0n;
    const given = depositedBy.get(method) ?? 0n;
    const available = found + (isDrawer ? minorUnits(session.movedOut) : 0n);
    if (given > 0n && given > available) {
      return {
        type: 'TillDepositExceedsCount',
        kind: 'invalid',
        method,
        available: write(available),
        deposit: write(given),
      };
    }
    // What a terminal paid out reduces its deposit.
    const above = found > float ? found - float : 0n;
    const deposit = found < 0n ? found : (depositedBy.get(method) ?? above);
    if (count === undefined) continue;
    counted.push({
      method,
      takings: write(taken),
      expected: write(expected),
      counted: write(found),
      difference: write(found - expected),
      deposit: write(deposit),
    });
  }
  const data = {
    sessionId: session.sessionId,
    closingId,
    currency: policy.currency,
    counts: counted,
    ...(depositReference !== undefined && { depositReference }),
    ...(takenUntil !== undefined && { takenUntil }),
    ...aboveLimit(counted, context),
    ...circumstancesOf(command),
  };
  return { type: 'TillClosed', data, metadata };
}

/**
 * Returns the limit that the differences of a count exceed: a count is never refused, since a till that cannot be closed
 * makes people count what is expected.
 */
function aboveLimit(
  counts: readonly TillCount[],
  { policy, limit, digits }: OfficeContext,
): { readonly differenceAbove?: string } {
  const { above } = policy.approvals?.AcceptTillDifference ?? {};
  const limits = [limit, above ?? null].flatMap((each) => (each === null ? [] : [parseAmount(each, digits)]));
  const lowest = Math.min(...limits);
  return differenceOf(counts) > lowest ? { differenceAbove: formatAmount(lowest, digits) } : {};
}

function acceptDifference(
  command: AcceptTillDifference,
  { sessionId, closing }: TillSession,
  { policy: { currency }, metadata }: OfficeContext,
): TillEvent | TillRejection | SameUser {
  if (closing === null || closing.acceptedBy !== null || minorUnits(closing.difference) === 0n)
    return { type: 'TillDifferenceNotFound', kind: 'notFound', sessionId };
  if (!areTwoUsers(command.by.userId, closing.closedBy.userId))
    return { type: 'SameUser', kind: 'forbidden', commandType: command.type, as: 'CloseTill' };
  const { difference: amount } = closing;
  const data = { sessionId, acceptanceId: command.id, currency, amount, ...circumstancesOf(command) };
  return { type: 'TillDifferenceAccepted', data, metadata };
}

/** Returns the refusal of a count of the drawer below zero. */
function negativeDrawer(counts: readonly MethodAmount[], method: string, found: string): OfficeRejection {
  const index = counts.findIndex((count) => count.method === method);
  const fault = {
    path: `counts[${index}].amount`,
    expected: 'an amount of 0 or more with at most 12 digits',
    found,
  };
  return { type: 'InvalidOfficeCommand', kind: 'invalid', faults: [fault] };
}

/** Returns the minor units of each method. */
function byMethod(list: readonly MethodAmount[]): ReadonlyMap<string, bigint> {
  return new Map(list.map(({ method, amount }) => [method, minorUnits(amount)]));
}
