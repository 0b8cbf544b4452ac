import { expect, it } from 'vitest';
import { foldOnlinePayment, type OnlinePayment } from '../../../src/online/index.js';
import { onlineTotals } from '../../../src/online/monitor/onlineTotals.js';
import { history } from '../../office/onlinePayments/onlinePayments.js';

it('sums up payments by currency', () => {
  const totals = onlineTotals();
  totals.add(foldOnlinePayment(history) as OnlinePayment);
  totals.add(foldOnlinePayment(history.slice(0, 3)) as OnlinePayment);
  expect(totals.result()).toEqual({
    USD: {
      captured: '20.00',
      serviceFees: '0.90',
      recorded: '15.00',
      credited: '1.00',
      returned: '0.60',
      takenAndNotRecorded: '4.00',
      returnedAndNotRecorded: '0.00',
    },
  });
});
