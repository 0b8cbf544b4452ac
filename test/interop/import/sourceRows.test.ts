import { describe, expect, it } from 'vitest';
import { isUnreadable } from '../../../src/interop/import/byPatron.js';
import { jsonLines } from '../../../src/interop/import/sourceRows.js';
import { listOf } from './importLaws.js';

describe('JSON lines', () => {
  it('are parsed one by one; a broken line is reported', async () => {
    const rows = await listOf(jsonLines(['{"id":1}\n\n{"id"', ':2}\nx\n{"id":3}']));
    expect(rows).toMatchObject([
      { id: 1 },
      { id: 2 },
      { unreadable: { line: 4, expected: 'a JSON object' } },
      { id: 3 },
    ]);
    const [bytes] = await listOf(jsonLines([Buffer.from([0xff])]));
    expect(isUnreadable(bytes)).toBe(true);
    const [long] = await listOf(jsonLines(Array(11).fill('x'.repeat(1_000_000))));
    expect(long).toMatchObject({ unreadable: { found: 'a longer one' } });
  });

  it('are distinguished from rows that only look like it', () => {
    expect([{ unreadable: 'x' }, { unreadable: {} }, null, 'x'].some(isUnreadable)).toBe(false);
  });
});
