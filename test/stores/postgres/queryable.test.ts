import { expect, it } from 'vitest';
import { rowsOf } from '../../../src/stores/postgres/queryable.js';

it('returns the rows of a statement, and passes no values if there are none', async () => {
  const asked: unknown[] = [];
  const database = {
    query: async (...given: unknown[]) => {
      asked.push(given);
      return { rows: [{ n: 1 }] };
    },
  };
  expect(await rowsOf(database, 'select 1')).toEqual([{ n: 1 }]);
  await rowsOf(database, 'select $1', ['x']);
  expect(asked).toEqual([
    ['select 1', []],
    ['select $1', ['x']],
  ]);
});
