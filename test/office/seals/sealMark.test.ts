import * as v from 'valibot';
import { expect, it } from 'vitest';
import { sealMarkField, sealMarkText } from '../../../src/office/seals/sealMark.js';

it('names a seal by number and total, and ignores its other figures', () => {
  const mark = { number: 3, total: 'ab' };
  expect(v.parse(sealMarkField, { ...mark, cutoff: 'c' })).toEqual(mark);
  expect(v.is(sealMarkField, { ...mark, number: 0 })).toBe(false);
  expect(sealMarkText(mark)).toBe('3 ab');
});
