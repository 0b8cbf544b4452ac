import { expect, it } from 'vitest';
import { readOpening } from '../../src/overdue/opening.js';

it('an opening is read in minutes, also past midnight', () => {
  expect(readOpening('09:00-17:30')).toEqual({ from: 540, to: 1050, text: '09:00-17:30' });
  expect(readOpening('18:00-02:00')).toMatchObject({ from: 1080, to: 1560 });
  expect(readOpening('00:00-24:00')).toMatchObject({ from: 0, to: 1440 });
  expect(readOpening('18:00-00:00')).toMatchObject({ from: 1080, to: 1440 });
});

it.each([
  '9:00-17:00',
  '09:00',
  '09:00-24:01',
  '24:00-25:00',
  '09:60-10:00',
  '09:00-09:00',
  '09:00 - 17:00',
  '',
])('returns undefined for an invalid opening: %s', (text) => expect(readOpening(text)).toBeUndefined());
