import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { compareBytes, linesOf, mergedByKey, sortedLines } from '../../src/seals/sortedKeys.js';
import { tried } from '../support/seeded.js';

const folder = mkdtempSync(join(tmpdir(), 'patron-fees-sorted-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** Texts near the places where UTF-16 and UTF-8 sort differently. */
const texts = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    '"',
    'é',
    '\ud7ff',
    '\u{1f600}',
    '\u{10ffff}',
    '\ue000',
    '\uffff',
    '\u2028',
  ),
  maxLength: 6,
});

const byUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

async function* each<Item>(items: readonly Item[]) {
  yield* items;
}

async function listed<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('lines', () => {
  it('are compared by the bytes of their UTF-8', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(byUtf8(a, b));
      }),
      tried(1_000),
    );
  });

  it('are sorted, each once, however many are sorted in memory, and leave no file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          texts.filter((text) => text !== ''),
          { maxLength: 40 },
        ),
        fc.integer({ min: 1, max: 60 }),
        async (lines, size) => {
          const sorted = await listed(sortedLines(each(lines), folder, size));
          expect(sorted).toEqual([...new Set(lines)].sort(byUtf8));
          expect(readdirSync(folder)).toEqual([]);
        },
      ),
      tried(100),
    );
  });

  it('are merged by key, with what each source has', async () => {
    const sources = [each(['a1', 'c1']), each([]), each(['a2', 'b2', 'b3'])];
    expect(await listed(mergedByKey(sources, ([key = '']) => key))).toEqual([
      { key: 'a', items: ['a1', undefined, 'a2'] },
      { key: 'b', items: [undefined, undefined, 'b3'] },
      { key: 'c', items: ['c1', undefined, undefined] },
    ]);
  });

  it('are read unchanged from a file, with characters that end a line in other formats', async () => {
    const file = join(folder, 'lines');
    writeFileSync(file, 'a\u2028b\r\n\n\u{1f600}');
    expect(await listed(linesOf(file))).toEqual(['a\u2028b\r', '', '\u{1f600}']);
    rmSync(file);
  });
});
