import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  checkedHead,
  compareBytes,
  keyOfLine,
  keyOfStream,
  linesOf,
  mergedByKey,
  sealFileName,
  sealFilesIn,
  sealPath,
  sortedLines,
  streamLines,
  streamOfKey,
  textOfLine,
  totalOf,
} from '../../src/seals/sealFile.js';
import { tried } from '../support/seeded.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const line = { version: 3, digest: 'ab', open: false, leaves: '12345678' } as const;

describe('the file of a seal', () => {
  it('has lines that begin with their stream, for any id', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
        fc.boolean(),
        (id, isOffice) => {
          const stream = { institution: 'north', ...(isOffice ? { stream: id } : { patronId: id }) } as const;
          const key = keyOfStream(stream as never);
          expect(streamOfKey('north', key)).toEqual(stream);
          expect(keyOfLine(textOfLine({ kind: isOffice ? 'office' : 'account', id, ...line }))).toBe(key);
        },
      ),
      tried(200),
    );
  });

  it('is checked line by line: head, format, order', async () => {
    const file = join(temporaryFolder(), 'x');
    const head = '{"institution":"north","number":1}';
    const [a, b] = ['a', 'b'].map((id) => textOfLine({ kind: 'account', id, ...line }));
    const check = (...lines: (string | undefined)[]) => {
      writeFileSync(file, lines.map((text) => `${text}\n`).join(''));
      return checkedHead(file);
    };
    expect(await check(head, a, b)).toEqual({ institution: 'north', number: 1 });
    for (const lines of [
      [],
      [a, b],
      [head, b, a],
      [head, a, a],
      [head, `${a} `],
      [head, a, ''],
      [`${head}}`],
    ]) {
      expect(await check(...lines)).toBeNull();
    }
    await check(head, a, b);
    const read: string[] = [];
    for await (const { text } of streamLines(file)) read.push(text);
    expect(read).toEqual([a, b]);
  });

  it('is found by its name, and has the total that sha256sum prints', async () => {
    const folder = temporaryFolder();
    for (const name of ['seal-00010.ndjson', 'seal-00002.ndjson', 'seal-00003.ndjson.part-0-of-1', 'other'])
      writeFileSync(join(folder, name), 'abc');
    expect(await sealFilesIn(folder)).toEqual([2, 10]);
    expect(sealFileName(123_456)).toBe('seal-123456.ndjson');
    expect(await totalOf(sealPath(folder, 2))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(await totalOf(sealPath(folder, 3))).toBeNull();
    await expect(totalOf(folder)).rejects.toThrow('EISDIR');
  });
});

describe('sortedKeys', () => {
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
});
