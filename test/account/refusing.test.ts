import { expect, it } from 'vitest';
import { refusalIn, refuse } from '../../src/account/refusing.js';

it('returns the refusal that ended the rules, and passes every error on', () => {
  const refusal = { type: 'FeeNotFound', feeId: 'f1' } as const;
  expect(refusalIn(() => refuse(refusal))).toBe(refusal);
  expect(refusalIn(() => {})).toBeUndefined();
  const broken = new Error('broken');
  expect(() =>
    refusalIn(() => {
      throw broken;
    }),
  ).toThrow(broken);
});
