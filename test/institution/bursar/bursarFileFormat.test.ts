import { expect, it } from 'vitest';
import { signedAmount } from '../../../src/institution/bursar/bursarFileFormat.js';
import { transferOf } from './bursarLibrary.js';

it('is what the patron owes that goes out as a positive amount, and what the patron gets as a negative one', () => {
  expect(signedAmount(transferOf())).toBe('123.45');
  expect(signedAmount(transferOf({ kind: 'credit' }))).toBe('-123.45');
});
