import { expect, it } from 'vitest';
import { isNoTransactionId } from '../../src/interop/noTransactionId.js';

it('recognizes what programs write for a missing value, and nothing else', () => {
  const nothing = [
    '',
    ' ',
    '0',
    '0000',
    'undefined',
    'Null',
    '(null)',
    'None',
    'NaN',
    'false',
    '[object Object]',
    '{}',
  ];
  expect(nothing.filter((text) => !isNoTransactionId(text))).toEqual([]);
  const ids = ['1', '0a', '00-1', 'none-1', 'nullable', 'object Object', '[object]', '-', 'X'];
  expect(ids.filter(isNoTransactionId)).toEqual([]);
});
