import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkedHead,
  keyOfLine,
  keyOfStream,
  sealFileName,
  sealFilesIn,
  sealPath,
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
