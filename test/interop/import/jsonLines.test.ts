import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../src/interop/import/jsonLines.js';
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
    const bytes = await listOf(jsonLines([Buffer.from('{"id":1}\n{"id":2}\n'), Buffer.from([0xff, 10, 49])]));
    const found = 'bytes that are not UTF-8; the rest was not read';
    expect(bytes).toMatchObject([
      { id: 1 },
      { id: 2 },
      { unreadable: { line: 3, found, restNotRead: true } },
    ]);
    const [long] = await listOf(jsonLines(Array(11).fill('x'.repeat(1_000_000))));
    expect(long).toMatchObject({ unreadable: { found: 'a longer one; the rest was not read' } });
  });
});
