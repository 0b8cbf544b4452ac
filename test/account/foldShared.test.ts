import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { fold, mutableCopy } from '../../src/account/fold.js';
import { foldShared, frozenAccount } from '../../src/account/foldShared.js';
import { assessed, errorOf, event, paid } from '../support/events.js';
import { seeded } from '../support/seeded.js';
import { anyNaming, anyPolicy, eventsOf, moves, namingNamed, runMoves } from '../support/stories.js';
import { history } from '../support/wholeHistory.js';

const frozen = (events: readonly AccountEvent[]) => frozenAccount(mutableCopy(fold(events)));

/** Every object reachable from a value, including itself. */
function partsOf(whole: unknown): object[] {
  if (typeof whole !== 'object' || whole === null) return [];
  return [whole, ...Object.values(whole).flatMap(partsOf)];
}

it('folds any part of a history as fold does, from any account before it, which stays as it was', () => {
  const cuts = fc.array(fc.nat(1_000), { maxLength: 4 });
  fc.assert(
    fc.property(moves(20), anyPolicy, anyNaming, cuts, (story, policy, naming, places) => {
      const events = structuredClone(eventsOf(runMoves(story, policy, namingNamed[naming])));
      const ends = [...places.map((place) => place % (events.length + 1)), events.length].sort(
        (a, b) => a - b,
      );
      let from = 0;
      let account = frozen([]);
      for (const end of ends) {
        const before = account;
        account = foldShared(before, events.slice(from, end), {});
        expect(before).toStrictEqual(fold(events.slice(0, from)));
        from = end;
      }
      expect(account).toStrictEqual(fold(events));
      expect(partsOf(account).filter((part) => !Object.isFrozen(part))).toEqual([]);
    }),
    seeded('shared folding'),
  );
});

it('folds a purge among other events, and every other type, one by one and together', () => {
  const events = structuredClone(history) as AccountEvent[];
  const data = { purgeId: 'u1', events: events.length, currency: 'USD', totals: [] };
  events.push(event('AccountPurged', data), assessed('later', '1.00'));
  expect(foldShared(frozen([]), events, {})).toStrictEqual(fold(events));
  const oneByOne = events.reduce((account, next) => foldShared(account, [next], {}), frozen([]));
  expect(oneByOne).toStrictEqual(fold(events));
});

it('shares what the events do not change', () => {
  const account = frozen(structuredClone(history) as AccountEvent[]);
  const [first] = account.fees;
  const open = account.fees.find(
    ({ original, paid: settled, cancelled, waived }) => original > settled + cancelled + waived,
  );
  const after = foldShared(account, [paid('p9', open?.feeId as string, '0.01')], {});
  const changed = after.fees.filter((fee, index) => fee !== account.fees[index]);
  expect(changed.map(({ feeId }) => feeId)).toEqual([open?.feeId]);
  expect(after.waivers).toBe(account.waivers);
  expect(first).toBe(account.fees[0]);
});

it('names the stream of an event that does not fold', () => {
  const error = errorOf(() => foldShared(frozen([]), [paid('p1', 'none', '1.00')], { stream: 'north/p1' }));
  expect(error).toMatchObject({ code: 'CORRUPT_HISTORY', details: { stream: 'north/p1', position: 1 } });
});
