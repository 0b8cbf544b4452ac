import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/account/evolve.js';
import { type AccountEvent, decide, emptyAccount, fold, type PatronAccount } from '../../src/index.js';
import { checkLaw } from '../support/lawTests.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyNaming, anyPolicy, eventsOf, moves, namingNamed, runMoves } from '../support/stories.js';

checkLaw(6);

function throughJson<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data));
}

function deeplyFrozen<Data>(data: Data): Data {
  if (typeof data === 'object' && data !== null) {
    Object.values(data).forEach(deeplyFrozen);
    Object.freeze(data);
  }
  return data;
}

/** Everything in an account, except the prototypes of its records. */
function contentOf(account: PatronAccount): string {
  return JSON.stringify(account);
}

const histories = fc
  .tuple(moves(20), anyPolicy, anyNaming, fc.nat(1_000))
  .map(([story, policy, naming, cut]) => {
    const events = eventsOf(runMoves(story, policy, namingNamed[naming]));
    const at = cut % (events.length + 1);
    return { policy, events, head: events.slice(0, at), tail: events.slice(at) };
  });

describe('folding', () => {
  it(
    'leaves its input unchanged, frozen or not',
    () => {
      fc.assert(
        fc.property(histories, ({ head, tail, policy }) => {
          const start = fold(head);
          const before = contentOf(start);
          const written = JSON.stringify(tail);
          fold(tail, start);
          tail.reduce<PatronAccount>(evolve, start);
          expect(contentOf(start)).toBe(before);
          expect(JSON.stringify(tail)).toBe(written);
          const frozen = deeplyFrozen(fold(head));
          const command = {
            type: 'IssueCredit',
            id: 'new',
            at: '2026-05-01T00:00:00Z',
            amount: '1',
          } as const;
          decide({ ...command, cause: 'imported' }, frozen, policy);
          expect(contentOf(fold(deeplyFrozen(tail), frozen))).toBe(contentOf(fold(tail, start)));
        }),
        seeded('law 6, inputs'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it('keeps rows in the order of their events, whatever their ids', () => {
    const ids = ['2', '__proto__', '1', 'constructor', '10', 'toString', '0'];
    const events = ids.map(
      (feeId): AccountEvent => ({
        type: 'FeeAssessed',
        data: {
          feeId,
          feeType: 'OTHER',
          amount: '1.00',
          currency: 'USD',
          owner: 'MAIN',
          at: '2026-03-02T09:00:00Z',
        },
      }),
    );
    for (const account of [
      fold(events),
      events.reduce<PatronAccount>(evolve, emptyAccount()),
      fold([], throughJson(fold(events))),
    ])
      expect(account.fees.map(({ feeId }) => feeId)).toEqual(ids);
  });
});
