import { expect, it } from 'vitest';
import { signedAmount } from '../../../src/institution/bursar/bursarFileFormat.js';
import { transferOf } from './bursarLibrary.js';

it('writes amounts owed by the patron as positive, and amounts owed to the patron as negative', () => {
  expect(signedAmount(transferOf())).toBe('123.45');
  expect(signedAmount(transferOf({ kind: 'credit' }))).toBe('-123.45');
});
