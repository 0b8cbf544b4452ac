import { describe, expect, it } from 'vitest';
import { PatronFeesError } from '../../src/index.js';
import { otherCurrency, unreadable } from '../../src/job/accountFinding.js';

const stream = { institution: 'north', patronId: 'p1' };

describe('an account finding', () => {
  it('is returned for a history that does not fold and for an invalid event', () => {
    for (const code of ['CORRUPT_HISTORY', 'INVALID_EVENT'] as const) {
      const finding = unreadable({ ...stream, ...{ version: 3 } }, new PatronFeesError(code, 'why'));
      expect(finding).toEqual({ ...stream, code, message: `${code}: why` });
    }
  });

  it('is not returned for a failure of the store itself', () => {
    for (const error of [new PatronFeesError('STORE_CLOSED', 'closed'), new Error('disk full'), undefined]) {
      expect(catching(() => unreadable(stream, error))).toEqual([error]);
    }
  });

  it("is returned for a currency other than the policy's", () => {
    expect(otherCurrency(stream, 'EUR', 'USD')).toEqual({
      ...stream,
      code: 'OTHER_CURRENCY',
      message: 'the account is in EUR, the policy in USD',
    });
    expect(otherCurrency(stream, 'USD', 'USD')).toBeNull();
    expect(otherCurrency(stream, null, 'USD')).toBeNull();
  });
});

function catching(run: () => unknown): unknown[] {
  try {
    run();
    return [];
  } catch (error) {
    return [error];
  }
}
