import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, emptyAccount, fold, isPatronFeesError } from '../../../src/index.js';
import { minorDigits } from '../../../src/money/currency.js';
import { aboveWhatIsLeft, corruptions } from '../../../src/testing/arbitraries/corruptions.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';
import { corruptHistories } from '../../support/corruptHistories/corruptHistories.js';
import { faultOf } from '../../support/events.js';
import { history } from '../../support/wholeHistory.js';

const usd = { currency: 'USD', digits: 2 };

describe('corruptions', () => {
  it.each(Object.entries(corruptions))(
    'give any history the fault %s, whatever is chosen',
    (fault, corrupt) => {
      for (const account of [emptyAccount(), fold(history)]) {
        for (let pick = 0; pick < 20; pick += 1) {
          const { before, bad } = corrupt({ account, ...usd, pick });
          expect(faultOf(fold(before, account), bad).fault).toBe(fault);
        }
      }
    },
  );

  it('cover every fault except a turnover that no short history reaches', () => {
    const faults = Object.keys(corruptHistories);
    expect(faults.length).toBeGreaterThan(20);
    expect(faults.filter((fault) => !(fault in corruptions))).toEqual(['TurnoverAboveSafeIntegers']);
  });
});

it('an excessive amount is refused with that fault for every kind of row, whatever happened before', () => {
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
