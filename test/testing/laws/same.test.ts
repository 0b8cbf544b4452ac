import { describe, expect, it } from 'vitest';
import { same } from '../../../src/testing/laws/same.js';

describe('same', () => {
  it('treats values as equal if their JSON is equal', () => {
    expect(() => same({ a: 1, b: undefined }, { a: 1 }, 'x')).not.toThrow();
  });

  it('shows the differences, including the order of fields', () => {
    expect(() => same({ a: 1 }, { a: 2 }, 'the tail')).toThrow(/^the tail: [\s\S]*\+ {3}a: 1\n- {3}a: 2/);
    expect(() => same({ a: 1, b: 2 }, { b: 2, a: 1 }, 'x')).toThrow('x: the fields come in another order');
  });
});
