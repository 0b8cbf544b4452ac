import { expect, it } from 'vitest';
import { present } from '../../../src/interop/alma/present.js';

it('present leaves out what is undefined and nothing else', () => {
  expect(Object.entries(present({ a: undefined, b: 0, c: '', d: null, e: false }))).toEqual([
    ['b', 0],
    ['c', ''],
    ['d', null],
    ['e', false],
  ]);
});
