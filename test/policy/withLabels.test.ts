import { describe, expect, it } from 'vitest';
import { definePolicy, withLabels } from '../../src/index.js';

const policy = definePolicy({
  currency: 'EUR',
  feeTypes: { OTHER: { label: 'Other', waiveable: false }, toString: { label: 'Odd' } },
  paymentMethods: { CASH: 'Cash' },
  waiveReasons: { OTHER: { label: 'Other', kind: 'writeOff' } },
  creditReasons: { OTHER: 'Other' },
  destinations: { BURSAR: 'Bursar' },
  overpayment: 'credit',
});

const labels = {
  feeTypes: { OTHER: 'Sonstiges', toString: 'Seltsam', FILM: 'Film' },
  paymentMethods: { CASH: 'bar' },
  waiveReasons: { OTHER: 'Sonstiges' },
  creditReasons: { OTHER: 'Sonstiges' },
  destinations: { BURSAR: 'Kasse' },
};

describe('withLabels', () => {
  it('replaces the label of every code and leaves the rules as they are', () => {
    const german = withLabels(policy, labels);
    expect(german).toEqual({
      ...policy,
      feeTypes: {
        OTHER: { ...policy.feeTypes.OTHER, label: 'Sonstiges' },
        toString: { ...policy.feeTypes.toString, label: 'Seltsam' },
      },
      paymentMethods: { CASH: 'bar' },
      waiveReasons: { OTHER: { label: 'Sonstiges', kind: 'writeOff' } },
      creditReasons: { OTHER: 'Sonstiges' },
      destinations: { BURSAR: 'Kasse' },
    });
    expect(german.overpayment).toBe('credit');
    expect(policy.paymentMethods).toEqual({ CASH: 'Cash' });
  });

  it('names every code without a label', () => {
    const { toString: _, ...feeTypes } = labels.feeTypes;
    expect(() => withLabels(policy, { ...labels, feeTypes: feeTypes as never, destinations: {} })).toThrow(
      'labels.feeTypes.toString: missing (expected a label); labels.destinations.BURSAR: missing (expected a label)',
    );
  });

  it('throws with the whole message and the faults', () => {
    expect(() =>
      withLabels(policy, { ...labels, paymentMethods: {} as never, destinations: {} as never }),
    ).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message:
          'INVALID_ARGUMENT: labels.paymentMethods.CASH: missing (expected a label); labels.destinations.BURSAR: missing (expected a label)',
        details: {
          faults: [
            { path: 'labels.paymentMethods.CASH', expected: 'a label', found: 'missing' },
            { path: 'labels.destinations.BURSAR', expected: 'a label', found: 'missing' },
          ],
        },
      }),
    );
  });

  it('refuses an invalid policy', () => {
    expect(() => withLabels({ ...policy, currency: 'XXX' }, labels)).toThrow(
      expect.objectContaining({ code: 'INVALID_POLICY' }),
    );
  });
});
