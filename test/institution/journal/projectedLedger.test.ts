import { expect, it } from 'vitest';
import { projectedLedger } from '../../../src/institution/journal/projectedLedger.js';
import { accountOf, event } from '../../support/events.js';
import { history } from '../../support/wholeHistory.js';

it('the ledger computed from an account equals the sum of its journal', () => {
  const settled = event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '0.50' });
  const ledger = [...projectedLedger(accountOf(...history, settled)).values()];
  const lines = ledger.map(({ account, amount }) => `${account.join(':')} ${amount}`);
  expect(lines).toEqual([
    'receivable:MAIN 2400',
    'waivers:MAIN:OTHER 400',
    'revenue:MAIN:OTHER -3000',
    'waivers:MAIN:LOSTITEMREPLACEMENTFEE 0',
    'revenue:MAIN:LOSTITEMREPLACEMENTFEE -500',
    'credits:refundable -400',
    'forfeited 0',
    'transferred 150',
    'settled 50',
    'settlementSurplus 0',
    'cash: 900',
  ]);
  expect(ledger.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
});
