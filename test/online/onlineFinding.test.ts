import { expect, it } from 'vitest';
import { waitingFinding } from '../../src/online/onlineFinding.js';
import type { WaitingPart } from '../../src/online/record/recordParts.js';

const of = { institution: 'north', onlinePaymentId: 'o1' };
const part = { externalTransactionId: 'ch_1', patronId: 'ann', amount: '5.00', currency: 'USD' };

it.each([
  [
    'capture',
    { type: 'AccountUnreadable', code: 'CORRUPT_HISTORY', message: 'event 3' },
    'event 3): repair the account',
  ],
  ['capture', { type: 'AccountInOtherCurrency' }, 'a policy in the currency'],
  ['return', { type: 'AccountBusy', attempts: 3 }, 'the next run tries again'],
  ['capture', { type: 'IdAlreadyUsed' }, 'remove the reason'],
  ['return', { type: 'PaymentNotFound' }, 'no longer has the payment'],
  ['return', { type: 'CreditInUse' }, 'has a shortfall fee'],
  ['return', { type: 'AlreadyUndone' }, 'handed it back otherwise'],
] as const)('says what to do about a %s that waits: %j', (kind, because, advice) => {
  const finding = waitingFinding(of, { ...part, kind, because } as WaitingPart);
  expect(finding.code).toBe(kind === 'capture' ? 'TAKEN_NOT_RECORDED' : 'RETURNED_NOT_RECORDED');
  expect(finding.message).toContain(advice);
});
