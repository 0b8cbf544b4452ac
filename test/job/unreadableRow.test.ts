import { describe, expect, it } from 'vitest';
import { lineOf } from '../../src/job/rowLines.js';
import { isUnreadable, unreadableRow } from '../../src/job/unreadableRow.js';

describe('an unreadable row', () => {
  it('says its line, what was expected and what was found', () => {
    const row = unreadableRow(7, 'two cells', 'one');
    expect(row).toEqual({ unreadable: { line: 7, expected: 'two cells', found: 'one' } });
    expect(lineOf(row)).toBe(7);
    expect(isUnreadable(row)).toBe(true);
  });

  it('is distinguished from a row that only looks like it', () => {
    expect([{ unreadable: 'x' }, { unreadable: {} }, null, 'x'].some(isUnreadable)).toBe(false);
  });
});
