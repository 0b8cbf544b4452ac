import fc from 'fast-check';
import { memoryEventStore } from '../../../src/history/index.js';
import {
  decideTill,
  emptyTill,
  foldTill,
  officeEvents,
  type TillCommand,
  type TillEvent,
} from '../../../src/office/index.js';
import { policy } from '../../support/account.js';

/** A cashier at the main desk. */
export const by = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN' } as const;

/** The time of most commands to tills. */
export const at = '2026-03-02T09:00:00-05:00';

/** Opens a till with a float of 50.00. */
export function open(id = 'CIRC/1', float = '50.00') {
  return { type: 'OpenTill', id, float, at, by } as const;
}

/** Moves money into or out of the drawer. */
export function move(id: string, direction: 'in' | 'out', amount: string, sessionId = 'CIRC/1') {
  return { type: 'MoveTillMoney', id, sessionId, direction, amount, at, by } as const;
}

/** Closes a till with takings and a count, both in cash. */
export function close(id: string, taken: string, counted: string, sessionId = 'CIRC/1') {
  return {
    type: 'CloseTill',
    id,
    sessionId,
    takings: [{ method: 'CASH', amount: taken }],
    counts: [{ method: 'CASH', amount: counted }],
    at: '2026-03-02T18:00:00-05:00',
    by: { ...by, userId: 'ben' },
  } as const;
}

/** The till after commands that must all be accepted. */
export function tillAfter(...commands: readonly TillCommand[]) {
  return commands.reduce((till, command) => {
    const decision = decideTill(command, till, policy);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    return foldTill(decision.events, till);
  }, emptyTill);
}

/** The events of commands that must all be accepted. */
export function tillEvents(...commands: readonly TillCommand[]): TillEvent[] {
  let till = emptyTill;
  return commands.flatMap((command) => {
    const decision = decideTill(command, till, policy);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    till = foldTill(decision.events, till);
    return [...decision.events];
  });
}

/** A store in memory for the events of tills and receipts. */
export function officeStore() {
  return memoryEventStore({ now: () => '2026-03-02T14:00:00Z', codec: officeEvents });
}

const sessionIds = fc.constantFrom('s1', 's2', 's3');
const cents = fc.integer({ min: 0, max: 5_000 }).map((minor) => (minor / 100).toFixed(2));
/** Commands of three sessions, whose ids repeat. */
export const anyTillCommand: fc.Arbitrary<TillCommand> = fc.oneof(
  fc.record({ id: sessionIds, float: cents }).map(({ id, float }) => open(id, float)),
  fc
    .record({
      id: fc.constantFrom('m1', 'm2', 's1'),
      sessionId: sessionIds,
      direction: fc.constantFrom('in', 'out'),
      amount: cents,
    })
    .map(({ id, direction, amount, sessionId }) => move(id, direction, amount, sessionId)),
  fc
    .record({
      id: fc.constantFrom('c1', 'c2', 'c3'),
      sessionId: sessionIds,
      taken: cents,
      counted: cents,
      check: cents,
      banked: fc.option(cents),
    })
    .map(({ id, sessionId, taken, counted, check, banked }) => ({
      type: 'CloseTill' as const,
      id,
      sessionId,
      at,
      by,
      takings: [
        { method: 'CASH', amount: taken },
        { method: 'CHECK', amount: check },
      ],
      counts: [
        { method: 'CASH', amount: counted },
        { method: 'CHECK', amount: check },
      ],
      ...(banked !== null && { deposits: [{ method: 'CASH', amount: banked }] }),
    })),
  fc
    .record({ id: fc.constantFrom('a1', 'c1'), sessionId: sessionIds, userId: fc.constantFrom('ana', 'mo') })
    .map(({ id, sessionId, userId }) => ({
      type: 'AcceptTillDifference' as const,
      id,
      sessionId,
      at,
      by: { ...by, userId },
    })),
);
