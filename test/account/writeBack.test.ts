import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutableCopy } from '../../src/account/fold.js';
import { applyToCopies, openWorkingSet } from '../../src/account/workingSet.js';
import { writeBack } from '../../src/account/writeBack.js';
import { emptyAccount, fold } from '../../src/index.js';
import { paid } from '../support/events.js';
import { tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';
import { history } from '../support/wholeHistory.js';

describe('writing a working set back into its account', () => {
  it('returns the same account as folding the events, wherever a story is cut in two', () => {
    fc.assert(
      fc.property(moves(20), anyPolicy, fc.nat(), (story, policy, number) => {
        const events = eventsOf(runMoves(story, policy));
        const cut = events.length === 0 ? 0 : number % events.length;
        const before = fold(events.slice(0, cut));
        const set = openWorkingSet(before);
        for (const event of events.slice(cut)) applyToCopies(set, event);
        const written = mutableCopy(before);
        writeBack(set, written);
        expect(written).toEqual(fold(events));
      }),
      tried(500),
    );
  });

  it('leaves the original account unchanged until then', () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, (story, policy) => {
        const events = eventsOf(runMoves(story, policy));
        const half = events.slice(0, events.length / 2);
        const before = fold(half);
        const set = openWorkingSet(before);
        for (const event of events.slice(half.length)) applyToCopies(set, event);
        expect(before).toEqual(fold(half));
      }),
      tried(300),
    );
  });

  it('sets only the lists and figures that the events changed', () => {
    const before = fold(history);
    const set = openWorkingSet(before);
    applyToCopies(set, paid('p9', 'f2', '1.00'));
    const changed: PropertyKey[] = [];
    const draft = new Proxy(mutableCopy(before), {
      set: (account, field, value) => {
        changed.push(field);
        return Reflect.set(account, field, value);
      },
    });
    writeBack(set, draft);
    expect(changed).toEqual(['fees', 'payments', 'ids', 'eventCount', 'turnover']);
  });

  it('moves the entry of a command to the row that later gets its id', () => {
    const at = '2026-03-02T09:00:00Z';
    const money = { amount: '5.00', currency: 'USD' };
    const events = [
      { type: 'FeeAssessed', data: { feeId: 'f', feeType: 'OTHER', owner: 'MAIN', at, ...money } },
      { type: 'FeeDisputed', data: { disputeId: 'd', feeId: 'f', at } },
      {
        type: 'DisputeResolved',
        data: { disputeId: 'd', feeId: 'f', outcome: 'patronUpheld', at },
        metadata: { commandId: 'c', commandDigest: '0' },
      },
      {
        type: 'FeeWaived',
        data: { waiverId: 'c', feeId: 'f', at, ...money },
        metadata: { commandId: 'c', commandDigest: '0' },
      },
    ] as const;
    const before = fold(events.slice(0, 3), emptyAccount());
    const set = openWorkingSet(before);
    applyToCopies(set, events[3]);
    const written = mutableCopy(before);
    writeBack(set, written);
    expect(written.ids.at(-1)).toEqual({ id: 'c', kind: 'waiver', position: 0, digest: '0' });
  });
});
