import { expect, it } from 'vitest';
import { omitUndefined } from '../../../src/interop/alma/omitUndefined.js';

it('omits undefined fields and nothing else', () => {
  expect(Object.entries(omitUndefined({ a: undefined, b: 0, c: '', d: null, e: false }))).toEqual([
    ['b', 0],
    ['c', ''],
    ['d', null],
    ['e', false],
  ]);
});
