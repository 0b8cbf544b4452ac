import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/account/evolve.js';
import {
  type AccountEvent,
  decide,
  emptyAccount,
  fold,
  type PatronAccount,
  PatronFeesError,
} from '../../src/index.js';
import { damage, damaged } from '../support/damages.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyNaming, anyPolicy, eventsOf, moves, namingNamed, play } from '../support/stories.js';

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

/** Everything of an account, prototypes of its records aside. */
function contentOf(account: PatronAccount): string {
  return JSON.stringify(account);
}

const histories = fc
  .tuple(moves(20), anyPolicy, anyNaming, fc.nat(1_000))
  .map(([story, policy, naming, cut]) => {
    const events = eventsOf(play(story, policy, namingNamed[naming]));
    const at = cut % (events.length + 1);
    return { policy, events, head: events.slice(0, at), tail: events.slice(at) };
  });

describe('law 6: folding', () => {
  it(
    'gives the same account in one go and in two, from a copy, from JSON, and event by event',
    () => {
      fc.assert(
        fc.property(histories, ({ events, head, tail }) => {
          const whole = contentOf(fold(events));
          const start = fold(head);
          expect(contentOf(fold(tail, start))).toBe(whole);
          expect(contentOf(fold(tail, throughJson(start)))).toBe(whole);
          expect(contentOf(fold(tail, structuredClone(start)))).toBe(whole);
          expect(contentOf(fold(throughJson(events)))).toBe(whole);
          expect(contentOf(fold(structuredClone(events)))).toBe(whole);
          expect(contentOf(events.reduce<PatronAccount>(evolve, emptyAccount()))).toBe(whole);
          expect(contentOf(tail.reduce<PatronAccount>(evolve, throughJson(start)))).toBe(whole);
          expect(contentOf(events.reduce((account, event) => fold([event], account), emptyAccount()))).toBe(
            whole,
          );
        }),
        seeded('law 6'),
      );
    },
    PATIENCE,
  );

  it(
    'leaves what it is given as it was, frozen or not',
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
    PATIENCE,
  );

  it(
    'decides the same on every form of the same account',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, anyNaming, (story, policy, naming) => {
          let evolved: PatronAccount = emptyAccount();
          for (const { command, before, decision, policy: inForce } of play(
            story,
            policy,
            namingNamed[naming],
          )) {
            for (const form of [evolved, throughJson(before), structuredClone(before)])
              expect(JSON.stringify(decide(command, form, inForce))).toBe(JSON.stringify(decision));
            evolved = decision.events.reduce<PatronAccount>(evolve, evolved);
          }
        }),
        seeded('law 6, decisions'),
      );
    },
    PATIENCE,
  );

  it(
    'refuses a corrupt history with the same fault in one go and event by event',
    () => {
      let refused = 0;
      const thrownBy = (run: () => unknown) => {
        try {
          run();
          return undefined;
        } catch (error) {
          return error instanceof PatronFeesError ? [error.message, error.details.fault] : error;
        }
      };
      fc.assert(
        fc.property(histories, fc.array(damage, { minLength: 1, maxLength: 3 }), ({ events }, damages) => {
          fc.pre(events.length > 0);
          const history = damages.reduce((all, one) => damaged(one, all), events);
          const atOnce = thrownBy(() => fold(history));
          expect(thrownBy(() => history.reduce<PatronAccount>(evolve, emptyAccount()))).toEqual(atOnce);
          if (atOnce !== undefined) refused += 1;
        }),
        seeded('law 6, corrupt histories'),
      );
      expect(refused).toBeGreaterThan(100);
    },
    PATIENCE,
  );

  it('keeps rows in the order in which they came, whatever the ids look like', () => {
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
