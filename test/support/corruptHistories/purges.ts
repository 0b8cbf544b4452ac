import { event } from '../events.js';
import { corrupt, fee } from './corruptHistory.js';

const purged = (events: number, amount = '2.50', month = '2016-03') =>
  event('AccountPurged', {
    purgeId: 'purge',
    events,
    currency: 'USD',
    totals: [
      { month: '2016-03', account: ['cash', 'CASH'], side: 'debit', amount: '2.50' },
      { month, account: ['revenue', 'MAIN', 'OTHER'], side: 'credit', amount },
    ],
  });

/** Purges that cannot follow a history. */
export const purges = {
  InvalidPurge: [
    corrupt('a purge of nothing', [], purged(0), 'at least 1 removed events', 0),
    corrupt(
      'a purge of fewer events than there are',
      [fee, purged(5)],
      purged(5),
      'at least 6 removed events',
      5,
    ),
  ],
  AmountsDoNotAddUp: [
    corrupt('totals that do not balance', [], purged(5, '2.49'), 250, 249),
    corrupt('totals that balance, but not in each month', [], purged(5, '2.50', '2016-04'), 250, 0),
  ],
};
