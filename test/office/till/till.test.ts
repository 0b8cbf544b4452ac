import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideTill,
  emptyTill,
  foldTill,
  officeEvents,
  type TillCommand,
  type TillEvent,
} from '../../../src/office/index.js';
import { policy } from '../../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { anyTillCommand, close, move, open, tillAfter } from './tills.js';

const eventsOf = (...commands: readonly TillCommand[]): TillEvent[] => {
  let till = emptyTill;
  return commands.flatMap((command) => {
    const { events } = decideTill(command, till, policy);
    till = foldTill(events, till);
    return [...events];
  });
};

describe('the history of a till', () => {
  const [opened, moved, closed] = eventsOf(open(), move('m', 'in', '1.00'), close('c', '1.00', '52.00'));
  const corrupt: readonly (readonly [string, readonly (TillEvent | undefined)[]])[] = [
    [
      'an opening of an open till',
      [opened, { ...(opened as TillEvent), metadata: { commandId: 'x', commandDigest: 'y' } }],
    ],
    ['the same command twice', [opened, opened]],
    ['a movement before the opening', [moved]],
    ['a movement after the close', [opened, closed && withCount({ takings: '2.00' }), moved]],
    ['a wrong expected amount', [opened, moved, withCount({ expected: '51.00' })]],
    ['a wrong difference', [opened, moved, withCount({ difference: '0.01' })]],
    ['a deposit above the count', [opened, moved, withCount({ deposit: '52.01' })]],
    ['a session that was opened before', [opened, moved, closed, opened]],
    [
      'another currency',
      [opened, { ...(moved as TillEvent), data: { ...moved?.data, currency: 'EUR' } } as TillEvent],
    ],
  ];

  function withCount(more: object): TillEvent {
    const event = closed as Extract<TillEvent, { type: 'TillClosed' }>;
    return {
      ...event,
      data: { ...event.data, counts: event.data.counts.map((count) => ({ ...count, ...more })) },
    };
  }

  it('folds', () => {
    expect(foldTill([opened, moved, closed] as TillEvent[])).toEqual(
      tillAfter(open(), move('m', 'in', '1'), close('c', '1', '52')),
    );
  });

  it.each(corrupt)('is corrupt with %s', (_, events) => {
    expect(() => foldTill(events as TillEvent[])).toThrow('CORRUPT_HISTORY: event');
  });
});

const minor = (amount: string) => Math.round(Number(amount) * 100);

describe('any sequence of commands to a till', () => {
  it(
    'leaves at most one open session, closes each once, and accounts for every cent of the drawer',
    () => {
      fc.assert(
        fc.property(fc.array(anyTillCommand, { maxLength: 30 }), (commands) => {
          let till = emptyTill;
          const recorded: TillEvent[] = [];
          for (const command of commands) {
            const decision = decideTill(command, till, policy);
            if (!decision.accepted) continue;
            // What is written is what is read.
            recorded.push(
              ...decision.events.map((event) => officeEvents.decode(officeEvents.encode(event)) as TillEvent),
            );
            till = foldTill(decision.events, till);
            // The same command again adds nothing.
            expect(decideTill(command, till, policy)).toEqual({ accepted: true, events: [] });
          }
          expect(foldTill(recorded)).toEqual(till);
          expect(till.sessions.slice(0, -1).every(({ closing }) => closing !== null)).toBe(true);
          const closes = recorded
            .filter(({ type }) => type === 'TillClosed')
            .map(({ data }) => data.sessionId);
          expect(new Set(closes).size).toBe(closes.length);
          for (const { float, movedIn, movedOut, closing } of till.sessions) {
            for (const { method, takings, counted, difference, deposit } of closing?.counts ?? []) {
              const drawer = method === 'CASH' ? minor(float) + minor(movedIn) - minor(movedOut) : 0;
              expect(minor(counted)).toBe(drawer + minor(takings) + minor(difference));
              const dropped = method === 'CASH' ? minor(movedOut) : 0;
              expect(minor(deposit)).toBeLessThanOrEqual(minor(counted) + dropped);
            }
          }
        }),
        seeded('till sessions'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
