import { expect, it } from 'vitest';
import type { DeclaredTakings } from '../../../src/books/payments/declaredTakings.js';
import { rowsOfSession } from '../../../src/jobs/reports/tillReportRow.js';
import type { TillSession } from '../../../src/office/index.js';
import { close, move, open, tillAfter } from '../../office/till/tills.js';

const rowsOf = (session: TillSession | undefined, declared: readonly DeclaredTakings[] = []) => {
  const taken = [{ method: 'CARD', payments: 2, net: '9.00' }];
  return rowsOfSession('CIRC', session as TillSession, taken as never, declared, 2);
};

it('has a row for the method of the float and for each method that is now recorded', () => {
  const [cash, card, ...more] = rowsOf(tillAfter(open(), move('m1', 'out', '20.00')).sessions[0]);
  expect(cash).toMatchObject({ method: 'CASH', float: '50.00', moved: '-20.00', takings: '0.00' });
  expect(cash).toMatchObject({ closedAt: null, expected: null, recordedLater: null });
  expect(card).toMatchObject({ method: 'CARD', float: '0.00', moved: '0.00', payments: 2, takings: '9.00' });
  expect(more).toEqual([]);
});

it('has the counted amount, and the amount that was recorded after the count', () => {
  const [cash, card] = rowsOf(tillAfter(open(), close('c1', '7.25', '57.00')).sessions[0]);
  expect(cash).toMatchObject({ closedBy: 'ben', expected: '57.25', counted: '57.00', difference: '-0.25' });
  expect([cash?.recordedLater, card?.recordedLater]).toEqual(['-7.25', '9.00']);
});

it('separates undeclared amounts from amounts that were recorded later', () => {
  const card = {
    method: 'CARD',
    declared: 0n,
    recorded: 900n,
    undeclared: 600n,
    later: 300n,
    uncovered: 300n,
  };
  const [, row] = rowsOf(tillAfter(open(), close('c1', '7.25', '57.00')).sessions[0], [card]);
  expect([row?.takings, row?.undeclared, row?.recordedLater]).toEqual(['9.00', '6.00', '3.00']);
});
