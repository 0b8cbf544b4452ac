import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFields, eventSchemas } from '../../../src/history/eventSchemas.js';
import { balances, fold } from '../../../src/index.js';
import {
  type StatementKind,
  statementMovement,
} from '../../../src/institution/statement/statementMovement.js';
import { tried } from '../../support/seeded.js';
import { histories } from '../histories.js';

const balanceOf = (account: Parameters<typeof balances>[0]) => {
  const { active, disputed } = balances(account);
  return active + disputed;
};

const everyKind: Readonly<Record<StatementKind, true>> = {
  assessed: true,
  increased: true,
  decreased: true,
  payment: true,
  paymentReversed: true,
  waiver: true,
  waiverReversed: true,
  creditIssued: true,
  creditCancelled: true,
  refund: true,
  refundReversed: true,
  transfer: true,
  settlementReversed: true,
  recall: true,
  cancellation: true,
};

describe('what an event did to the balance', () => {
  it('is the balance after it, less the balance before it', () => {
    fc.assert(
      fc.property(histories, ({ events, account }) => {
        let before = fold([]);
        for (const { event } of events) {
          const after = fold([event], before);
          const effect = statementMovement(event, account)?.effect ?? 0;
          expect([event.type, effect]).toEqual([event.type, balanceOf(after) - balanceOf(before)]);
          before = after;
        }
      }),
      tried(300),
    );
  });

  it('is tested for every type of event and every kind of movement', () => {
    const types = new Set<string>();
    const kinds = new Set<StatementKind>();
    fc.assert(
      fc.property(histories, ({ events, account }) => {
        for (const { event } of events) {
          types.add(event.type);
          const movement = statementMovement(event, account);
          if (movement !== null) kinds.add(movement.kind);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
    expect([...types].sort()).toEqual(Object.keys(eventSchemas(eventFields(2))).sort());
    expect([...kinds].sort()).toEqual(Object.keys(everyKind).sort());
  });

  it('is of fees that add up to it, where it is about fees alone', () => {
    fc.assert(
      fc.property(histories, ({ events, account }) => {
        for (const { event } of events) {
          const movement = statementMovement(event, account);
          if (movement === null || movement.creditId !== null || movement.effect === 0) continue;
          const parts = movement.fees.map(({ amount }) => Number(amount.replace('.', '')));
          const sum = parts.reduce((total, part) => total + part, 0);
          expect([movement.kind, sum]).toEqual([movement.kind, Math.abs(movement.effect)]);
        }
      }),
      tried(200),
    );
  });
});
