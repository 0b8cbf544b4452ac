import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../src/policy/checkPolicy.js';

describe('checkPolicy', () => {
  it('gives the complete policy', () => {
    expect(checkPolicy({ currency: 'USD' })).toMatchObject({
      policy: { currency: 'USD', overpayment: 'refuse', paymentOrder: 'oldest-first' },
    });
  });

  it('names the currency first, and the other faults beside it', () => {
    expect(checkPolicy({ currency: 'DOLLARS', overpayment: 'keep' })).toMatchObject({
      faults: [{ path: 'currency', found: '"DOLLARS"' }, { path: 'overpayment' }],
    });
    expect(checkPolicy({ currency: 12 })).toMatchObject({ faults: [{ path: 'currency', found: 'number' }] });
    expect(checkPolicy(null)).toMatchObject({ faults: [{ path: 'currency' }, {}] });
  });

  it('does not throw where reading does', () => {
    const unreadable = {
      get currency() {
        throw new Error('no');
      },
    };
    expect(checkPolicy(unreadable)).toMatchObject({
      faults: [{ path: '', found: 'something that throws when it is read' }],
    });
  });
});
