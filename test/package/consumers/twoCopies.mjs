import { createRequire } from 'node:module';
import { fold, isPatronFeesError } from 'patron-fees';
import { evolve } from 'patron-fees/evolve';

// What one copy of the package threw or folded, another one understands.
const other = createRequire(import.meta.url)('patron-fees');
const data = {
  feeId: 'f1',
  feeType: 'OTHER',
  amount: '2.50',
  currency: 'USD',
  owner: 'MAIN',
  at: '2026-03-02T09:00:00Z',
};
const account = other.fold([{ type: 'FeeAssessed', data }]);
let understood = false;
try {
  evolve(account, { type: 'FeeAssessed', data });
} catch (error) {
  understood =
    other.isPatronFeesError(error, 'CORRUPT_HISTORY') && isPatronFeesError(error, 'CORRUPT_HISTORY');
}

console.log(
  JSON.stringify({ understood, same: JSON.stringify(fold([], account)) === JSON.stringify(account) }),
);
