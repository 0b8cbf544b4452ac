import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import * as alma from 'patron-fees/alma';
import { summary } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const command = {
  type: 'AssessFee',
  id: 'f1',
  at: '2026-03-02T09:00:00Z',
  feeType: 'OTHER',
  amount: '2.5',
  owner: 'MAIN',
};
const { events } = decide(command, emptyAccount(), policy);

console.log(
  JSON.stringify({ active: summary(fold(events), policy).active, alma: Object.keys(alma).length > 0 }),
);
