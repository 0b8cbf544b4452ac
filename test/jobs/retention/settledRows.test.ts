import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyAccount, fold, type PatronAccount } from '../../../src/index.js';
import { settledRows } from '../../../src/jobs/retention/settledRows.js';
import { ask, assess, pay } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { tried } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

const untilMs = Date.parse('2099-01-01T00:00:00Z');

/** The fees and credits of an account as texts, by kind and id. */
function rowsIn({ fees, credits }: PatronAccount): ReadonlyMap<string, string> {
  return new Map([
    ...fees.map((row) => [`fee ${row.feeId}`, JSON.stringify(row)] as const),
    ...credits.map((row) => [`credit ${row.creditId}`, JSON.stringify(row)] as const),
  ]);
}

describe('settledRows', () => {
  it('knows every fee and credit that an event changes, in any account', () => {
    fc.assert(
      fc.property(moves(), anyPolicy, (story, policy) => {
        const events = eventsOf(runMoves(story, policy));
        const { rowsOf } = settledRows(
          { patronId: 'p1', account: fold(events), events },
          { untilMs, openSessions: new Set() },
        );
        let before = emptyAccount();
        for (const event of events) {
          const after = fold([event], before);
          const known = rowsIn(before);
          const changed = [...rowsIn(after)]
            .filter(([key, text]) => known.get(key) !== text)
            .map(([key]) => key);
          const rows = rowsOf(event).map(({ kind, id }) => `${kind} ${id}`);
          expect(rows, event.type).toEqual(expect.arrayContaining(changed));
          expect(new Set(rows).size).toBe(rows.length);
          before = after;
        }
      }),
      tried(200),
    );
  });

  it('keeps all rows of a session that is open, and no others', () => {
    const by = { channel: 'desk', tillSession: 's1' } as const;
    const events = accountWith([
      assess('f1', '5.00'),
      assess('f2', '5.00'),
      pay('p1', '5.00', { feeIds: ['f1'], by }),
      pay('p2', '5.00'),
      ask('ReversePayment', 'r1', { paymentId: 'p1' }),
      pay('p3', '5.00'),
    ]).map(({ event }) => event);
    const account = fold(events);
    const reasons = (session: string) => {
      const { reasonOf } = settledRows(
        { patronId: 'p1', account, events },
        { untilMs, openSessions: new Set([session]) },
      );
      return ['f1', 'f2'].map((id) => reasonOf({ kind: 'fee', id }));
    };
    expect(reasons('s1')).toEqual(['TillOpen', null]);
    expect(reasons('s2')).toEqual([null, null]);
  });
});
