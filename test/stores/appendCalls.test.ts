import { expect, it } from 'vitest';
import { type AppendCall, appendCalls } from '../../src/stores/appendCalls.js';

const stream = { institution: 'north', patronId: 'p1' };
const call = (texts: readonly string[], expectedVersion: number | 'any' = 'any'): AppendCall => ({
  stream,
  texts,
  how: { expectedVersion, recordedAt: '2026-03-02T09:00:00Z' } as AppendCall['how'],
});
const { keyOf, lengthOf, runsByItself, refusalAfter } = appendCalls;

it('have the key of their stream and the length of their texts', () => {
  expect(keyOf(call([]))).toBe(keyOf(call(['a'])));
  expect(lengthOf(call(['ab', 'c']))).toBe(3);
});

it('run by themselves without events, and with many', () => {
  const many = (count: number) => call(Array.from({ length: count }, () => 'a'));
  expect([0, 1, 100, 101].map((count) => runsByItself(many(count)))).toEqual([true, false, false, true]);
});

it('are refused after a version above the one that they expect', () => {
  const after = (texts: readonly string[], expected: number | 'any') =>
    refusalAfter({ version: 3 } as never, call(texts, expected))?.details;
  expect(after(['a'], 2)).toEqual({ stream: 'north/p1', expected: 2, actual: 3 });
  for (const expected of [3, 4, 'any'] as const) expect(after(['a'], expected)).toBeUndefined();
  expect(after([], 2)).toBeUndefined();
});
