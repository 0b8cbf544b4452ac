import { type AccountStatement, accountStatement } from '../../../src/jobs/reports/index.js';
import { ask, policy } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { recorded } from '../../support/institutionHistories.js';

export const place = { locale: 'en-US', timeZone: 'UTC' };

/** A statement in which every user-supplied text is the same. */
export function statementOf(text: string): AccountStatement {
  const events = accountWith([
    ask('AssessFee', 'f1', {
      feeType: 'OTHER',
      amount: '1025',
      owner: text,
      item: { title: text, barcode: text },
      comment: text,
      reason: text,
      staffNote: 'between-us',
    }),
    ask('ReceivePayment', 'p1', { amount: '30', method: 'CASH', reference: text, comment: text }),
    ask('DisputeFee', 'd1', { feeId: 'f1', comment: text }),
  ]);
  const late = recorded(
    events.map(({ event }) => event),
    (index) => (index === 0 ? '2026-03-02T09:00:00Z' : '2026-03-04T10:00:00Z'),
  );
  const patron = { name: text, barcode: text };
  return accountStatement(late, policy, { patron, before: { recordedAt: '2026-04-01T00:00:00Z' } });
}

/** An empty statement. */
export const empty = accountStatement([], policy, { patron: { name: 'Ada' } });
