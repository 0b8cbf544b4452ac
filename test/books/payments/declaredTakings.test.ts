import fc from 'fast-check';
import { expect, it } from 'vitest';
import { declaredTakings, declaredTooMuch } from '../../../src/books/payments/declaredTakings.js';
import type { TillMovement } from '../../../src/books/payments/tillMovements.js';
import { formatAmount } from '../../../src/money/money.js';
import { decideTill, foldTill } from '../../../src/office/index.js';
import { by, close, open, tillAfter } from '../../office/till/tills.js';
import { policy } from '../../support/account.js';
import { tried } from '../../support/seeded.js';

const time = (minute: number) => new Date(Date.UTC(2026, 2, 2, 8, minute)).toISOString();

/** Money of the session by cash: below 0 for what was paid out. */
const moved = (amount: number, minute: number): TillMovement => ({
  kind: amount < 0 ? 'refunded' : 'gross',
  amount: Math.abs(amount),
  startsPayment: true,
  id: 'p',
  version: 1,
  at: time(minute),
  recordedAt: time(minute),
  by: { ...by, tillSession: 'CIRC/1' },
  method: 'CASH',
  reason: null,
  feeType: null,
  owner: null,
});

/** Compares a closing, recorded at a minute, with movements of its session. */
function compared(
  { taken, counted, closed, until }: { taken: number; counted: number; closed: number; until?: number },
  movements: readonly TillMovement[],
) {
  const opened = tillAfter(open());
  const closing = close('c', formatAmount(taken, 2), formatAmount(counted, 2));
  const said = until === undefined ? closing : { ...closing, takenUntil: time(until) };
  const [session] = foldTill(decideTill(said, opened, policy).events, opened).sessions;
  if (session === undefined) throw new Error('no session');
  const takings = declaredTakings([{ session, closedAt: time(closed) }]);
  takings.add(movements);
  const [cash] = takings.of(session);
  return [cash?.undeclared, cash?.uncovered];
}

const amounts = fc.integer({ min: 1, max: 5_000 });
/** A day: what happens at which minute, when the report is read, and how long the count takes. */
const days = fc.record({
  payments: fc.array(fc.tuple(amounts, fc.integer({ min: 0, max: 560 }), fc.boolean()), { maxLength: 12 }),
  report: fc.integer({ min: 300, max: 600 }),
  counting: fc.integer({ min: 0, max: 60 }),
  says: fc.boolean(),
});

/** Movements in order, in which the drawer never pays out more than it has. */
function movementsOf(payments: readonly (readonly [number, number, boolean])[]) {
  let sum = 0;
  return [...payments]
    .sort(([, a], [, b]) => a - b)
    .map(([amount, minute, isRefund]) => {
      const signed = isRefund && sum >= amount ? -amount : amount;
      sum += signed;
      return { signed, minute };
    });
}

it('accuses no cashier who declares the report and counts what is in the drawer', () => {
  fc.assert(
    fc.property(days, ({ payments, report, counting, says }) => {
      const movements = movementsOf(payments);
      const closed = report + (says ? counting : Math.min(counting, 15));
      const sumBefore = (end: number) =>
        movements.filter(({ minute }) => minute < end).reduce((sum, { signed }) => sum + signed, 0);
      const day = { taken: sumBefore(report), counted: 5_000 + sumBefore(closed), closed };
      const recorded = movements.filter(({ minute }) => minute < closed);
      const all = recorded.map(({ signed, minute }) => moved(signed, minute));
      expect(compared({ ...day, ...(says && { until: report }) }, all)).toEqual([0n, 0n]);
    }),
    tried(300),
  );
});

it('finds every cent that a cashier keeps and does not declare, whatever report the closing names', () => {
  fc.assert(
    fc.property(days, amounts, ({ payments, report, counting, says }, kept) => {
      const movements = movementsOf(payments);
      const closed = Math.max(600, report + counting) + 16;
      const sum = movements.reduce((total, { signed }) => total + signed, 0);
      const all = [...movements.map(({ signed, minute }) => moved(signed, minute)), moved(kept, 200)];
      const day = { taken: sum, counted: 5_000 + sum, closed };
      expect(compared({ ...day, ...(says && { until: report }) }, all)).toEqual([BigInt(kept), 0n]);
    }),
    tried(300),
  );
});

it('names what other methods declare too much', () => {
  const taking = { declared: 0n, recorded: 0n, undeclared: 0n, later: 0n, uncovered: 0n };
  const takings = [
    { ...taking, method: 'CASH', undeclared: 500n },
    { ...taking, method: 'CHECK', later: -500n },
    { ...taking, method: 'CARD', later: 100n },
  ];
  expect(declaredTooMuch(takings, 'CASH', 2)).toEqual([{ method: 'CHECK', amount: '5.00' }]);
});
