import { expect, it } from 'vitest';
import { grouped } from '../../../src/interop/import/grouped.js';

it('groups rows by their keys, in order, and leaves out rows without a key', () => {
  const rows = [{ n: 1, key: 'b' }, { n: 2, key: '__proto__' }, { n: 3 }, { n: 4, key: 'b' }];
  expect([...grouped(rows, ({ key }) => key)]).toEqual([
    [
      'b',
      [
        { n: 1, key: 'b' },
        { n: 4, key: 'b' },
      ],
    ],
    ['__proto__', [{ n: 2, key: '__proto__' }]],
  ]);
});
