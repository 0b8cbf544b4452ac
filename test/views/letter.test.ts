import { expect, it } from 'vitest';
import { free, freeDetail, freeEntry, joined, paragraph } from '../../src/views/letter.js';

it('a missing or empty text gives no entry and no detail', () => {
  for (const text of [null, undefined, '']) {
    expect([...freeEntry('Name', text), ...freeDetail('Name', text)]).toEqual([]);
  }
  expect(freeEntry('Name', 'Ada')).toEqual([['Name', { free: 'Ada' }]]);
  expect(freeDetail('Name', 'Ada')).toEqual([['Name: ', { free: 'Ada' }]]);
});

it('joined texts stay separate, so that each is isolated alone', () => {
  expect(joined([free('Fine'), 'written off'], ', ')).toEqual([{ free: 'Fine' }, ', ', 'written off']);
  expect(joined([], ', ')).toEqual([]);
});

it('a paragraph has one of three tones', () => {
  expect([paragraph('a').tone, paragraph('a', 'quiet').tone, paragraph('a', 'box').tone]).toEqual([
    undefined,
    'quiet',
    'box',
  ]);
});
