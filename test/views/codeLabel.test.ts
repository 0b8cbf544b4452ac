import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../src/views/codeLabel.js';

const policy = definePolicy({ currency: 'USD' });

describe('the label of a code', () => {
  it('comes from the table', () => {
    expect(codeLabel(policy.paymentMethods, 'CASH')).toBe('Cash');
    expect(feeTypeLabel(policy, 'OVERDUEFINE')).toBe('Overdue fine');
  });

  it('is the code itself where no table knows it', () => {
    for (const code of ['COWRIES', 'constructor', '__proto__', 'toString', '17', '']) {
      expect(codeLabel(policy.paymentMethods, code)).toBe(code);
      expect(codeLabel(undefined, code)).toBe(code);
      expect(feeTypeLabel(policy, code)).toBe(code);
      expect(feeTypeLabel(undefined, code)).toBe(code);
    }
  });
});
