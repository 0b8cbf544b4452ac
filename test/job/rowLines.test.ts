import { expect, it } from 'vitest';
import { lineOf, withLine } from '../../src/job/rowLines.js';

it('a row has the line from which it was read, and no other field', () => {
  const row = withLine({ id: '1' }, 7);
  expect([lineOf(row), Object.keys(row)]).toEqual([7, ['id']]);
  expect(lineOf({ id: '1' })).toBeUndefined();
});
