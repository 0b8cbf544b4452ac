import { describe, expect, it } from 'vitest';
import { emptyAccount, fold } from '../../../src/index.js';
import { corruptions } from '../../../src/testing/arbitraries/corruptions.js';
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

  it('exist for every fault except a turnover that no short history reaches', () => {
    const faults = Object.keys(corruptHistories);
    expect(faults.length).toBeGreaterThan(20);
    expect(faults.filter((fault) => !(fault in corruptions))).toEqual(['TurnoverAboveSafeIntegers']);
  });
});
