import { expect, it } from 'vitest';
import { importEvents, importedLedger } from '../../../src/interop/import/importEvents.js';
import { importTally } from '../../../src/interop/import/importReport.js';
import { account, balance, charge } from './foreign.js';

it('sums what is owed here and in the rows, where a balance has one amount for all its fees', () => {
  const tally = importTally('USD');
  const foreign = account([charge(0, 1_000), charge(1, 300, { feeId: 'x/f2' })], [balance(1_300)]);
  const ledger = importedLedger(foreign, {});
  tally.add({ account: foreign, ledger, events: ledger.events, isEmpty: false });
  const refused = account([], [balance(50, { balanceId: 'x/9', feeType: 'A', credit: 20 })]);
  tally.add({ account: refused, ledger: null, events: [], isEmpty: true });
  const figures = { fees: 2, charged: '13.00', owed: '13.00' };
  expect(tally.result()).toEqual({
    currency: 'USD',
    rows: 2,
    accounts: 2,
    withoutEvents: 1,
    accountsChanged: 1,
    events: 2,
    total: { ...figures, owedByRows: '13.50', difference: '-0.50' },
    byType: [
      {
        feeType: 'A',
        owner: 'MAIN',
        fees: 0,
        charged: '0.00',
        owed: '0.00',
        owedByRows: '0.50',
        difference: '-0.50',
      },
      { feeType: 'OTHER', owner: 'MAIN', ...figures, owedByRows: '13.00', difference: '0.00' },
    ],
    credits: { credits: 0, unused: '0.00', unusedByRows: '0.20', difference: '-0.20' },
  });
  expect(importEvents(refused).findings).toHaveLength(2);
});
