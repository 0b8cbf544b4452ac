import { expect, it } from 'vitest';
import { unknownSession } from '../../../src/jobs/reports/unknownSession.js';

const zero = { reversed: '0.00', refunded: '0.00', refundsReversed: '0.00' };
const row = { ...zero, tillSession: 'CRIC/1', method: 'CASH', payments: 2, gross: '7.50', net: '7.50' };

it('is the finding for payments with a session that no till has', () => {
  expect(unknownSession(row, new Map([['CIRC/1', 1]]))).toEqual({
    code: 'TILL_SESSION_UNKNOWN',
    sessionId: 'CRIC/1',
    method: 'CASH',
    payments: 2,
    takings: '7.50',
    message: '7.50 by CASH are for the session CRIC/1, which no readable till has',
  });
});

it('is absent for a known session, and for money that did not pass through a till', () => {
  expect(unknownSession(row, new Map([['CRIC/1', 1]]))).toBeNull();
  expect(unknownSession({ ...row, tillSession: null }, new Map())).toBeNull();
});
