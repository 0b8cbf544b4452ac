import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../src/views/codeLabel.js';

const policy = definePolicy({ currency: 'USD' });

describe('codeLabel and feeTypeLabel', () => {
  it('return the label of the table', () => {
    expect(codeLabel(policy.paymentMethods, 'CASH')).toBe('Cash');
    expect(feeTypeLabel(policy, 'OVERDUEFINE')).toBe('Overdue fine');
  });

  it('return the code if the table does not have it', () => {
    for (const code of ['COWRIES', 'constructor', '__proto__', 'toString', '17', '']) {
      expect(codeLabel(policy.paymentMethods, code)).toBe(code);
      expect(codeLabel(undefined, code)).toBe(code);
      expect(feeTypeLabel(policy, code)).toBe(code);
      expect(feeTypeLabel(undefined, code)).toBe(code);
    }
  });
});
