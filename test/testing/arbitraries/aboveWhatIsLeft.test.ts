import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AccountEvent, fold, isPatronFeesError } from '../../../src/index.js';
import { minorDigits } from '../../../src/money/currency.js';
import { aboveWhatIsLeft } from '../../../src/testing/arbitraries/aboveWhatIsLeft.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';

it('is refused with that fault, whatever happened before, for every kind of row', () => {
  const types = new Set<string>();
  fc.assert(
    fc.property(stories(fc), ({ account, policy }) => {
      const currency = account.currency ?? policy.currency;
      const digits = minorDigits(currency) as number;
      for (const event of aboveWhatIsLeft({ account, currency, digits }) as AccountEvent[]) {
        types.add(event.type);
        try {
          fold([event], account);
          expect.unreachable(`${event.type} folds`);
        } catch (error) {
          expect(isPatronFeesError(error, 'CORRUPT_HISTORY') && error.details.fault).toBe(
            'AmountAboveWhatIsLeft',
          );
        }
      }
    }),
    { numRuns: 200, seed: 1 },
  );
  expect([...types].sort()).toEqual([
    'CreditCancelled',
    'CreditIssued',
    'CreditRefunded',
    'CreditTransferred',
    'FeeCancelled',
    'FeeTransferred',
    'FeeWaived',
    'LostItemCreditIssued',
    'PaymentReceived',
    'TransferRecalled',
    'TransferSettled',
  ]);
});
