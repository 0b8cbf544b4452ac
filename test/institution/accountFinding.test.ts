import { describe, expect, it } from 'vitest';
import { PatronFeesError } from '../../src/index.js';
import { otherCurrency, unreadable } from '../../src/institution/accountFinding.js';

const stream = { institution: 'north', patronId: 'p1' };

describe('what a job finds in an account', () => {
  it('is a history that does not fold, and what is no event', () => {
    for (const code of ['CORRUPT_HISTORY', 'INVALID_EVENT'] as const) {
      const finding = unreadable({ ...stream, ...{ version: 3 } }, new PatronFeesError(code, 'why'));
      expect(finding).toEqual({ ...stream, code, message: `${code}: why` });
    }
  });

  it('is nothing that the store itself is to blame for', () => {
    for (const error of [new PatronFeesError('STORE_CLOSED', 'closed'), new Error('disk full'), undefined]) {
      expect(catching(() => unreadable(stream, error))).toEqual([error]);
    }
  });

  it('is another currency than the policy has', () => {
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
