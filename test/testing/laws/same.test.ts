import { describe, expect, it } from 'vitest';
import { same } from '../../../src/testing/laws/same.js';

describe('same', () => {
  it('takes values for the same that are written the same in JSON', () => {
    expect(() => same({ a: 1, b: undefined }, { a: 1 }, 'x')).not.toThrow();
  });

  it('shows what differs, the order of fields too', () => {
    expect(() => same({ a: 1 }, { a: 2 }, 'the tail')).toThrow(/^the tail: [\s\S]*\+ {3}a: 1\n- {3}a: 2/);
    expect(() => same({ a: 1, b: 2 }, { b: 2, a: 1 }, 'x')).toThrow('x: the fields come in another order');
  });
});
