import { describe, expect, it } from 'vitest';
import { isIterable } from '../../src/input/iterable.js';

describe('isIterable', () => {
  it.each([[[]], [new Map()], [(async function* () {})()]])('accepts what has entries: %s', (input) => {
    expect(isIterable(input)).toBe(true);
  });

  it.each([['a text'], [null], [undefined], [{}], [() => []], [7]])('refuses %s', (input) => {
    expect(isIterable(input)).toBe(false);
  });
});
