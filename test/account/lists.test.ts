import { describe, expect, it } from 'vitest';
import { extended, NO_ENTRIES } from '../../src/account/lists.js';

describe('extended', () => {
  it('adds entries in order, however many there are', () => {
    let list: number[] = NO_ENTRIES;
    for (let entry = 0; entry < 40; entry++) {
      list = extended(list, entry);
      expect(list).toEqual(Array.from({ length: entry + 1 }, (_, index) => index));
    }
  });

  it('replaces a list of fewer than four entries, and adds to a longer one in place', () => {
    const isSame = [0, 1, 2, 3, 4, 5].map((length) => {
      const list = Array.from({ length }, () => 7);
      return extended(list, 8) === list;
    });
    expect(isSame).toEqual([false, false, false, false, true, true]);
  });

  it('leaves the shared empty list empty', () => {
    extended<number>(NO_ENTRIES, 1);
    expect(NO_ENTRIES).toEqual([]);
    expect(() => (NO_ENTRIES as unknown[]).push(1)).toThrow(TypeError);
  });
});
