import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOT_UTF8, utf8Text, writeTextFile } from '../../src/job/textFile.js';
import { temporaryFolder } from '../bursar/bursarLibrary.js';
import { until } from '../support/until.js';

let folder = '';

let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patron-fees-text-'));
  path = join(folder, 'report.csv');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a text file', () => {
  it('has all chunks in order, in UTF-8, wherever they are split', async () => {
    const pieces = ['é', '\u{1F4DA}', '', 'x'.repeat(70_000), '\r\n', 'y'.repeat(200_000), 'end'];
    await writeTextFile(path, pieces);
    expect(readFileSync(path, 'utf8')).toBe(pieces.join(''));
    // A surrogate pair split between two chunks is still one character.
    await writeTextFile(path, ['a'.repeat(65_535), '\ud83d', '\udcda', 'b']);
    expect(readFileSync(path, 'utf8').slice(65_530)).toBe('aaaaa\u{1F4DA}b');
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('may be empty', async () => {
    await writeTextFile(path, []);
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('does not exist before its last chunk', async () => {
    async function* pieces() {
      yield 'x'.repeat(100_000);
      expect(readdirSync(folder)).toEqual(['report.csv.unfinished']);
      yield 'end';
    }
    await writeTextFile(path, pieces());
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('is unchanged if a chunk fails, and no temporary file is left', async () => {
    writeFileSync(path, 'of yesterday');
    async function* broken() {
      yield 'x'.repeat(100_000);
      throw new Error('the job was aborted');
    }
    await expect(writeTextFile(path, broken())).rejects.toThrow('the job was aborted');
    expect(readFileSync(path, 'utf8')).toBe('of yesterday');
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('has the text of one of two concurrent writers; the other one rejects', async () => {
    // None ends before the other has begun, or was refused.
    let begun = 0;
    async function* together(text: string) {
      yield text.repeat(70_000);
      begun += 1;
      await until(() => begun >= 2);
      yield text;
    }
    const write = async (text: string) => {
      try {
        await writeTextFile(path, together(text));
      } catch (error) {
        begun += 1;
        throw error;
      }
    };
    const written = await Promise.allSettled([write('a'), write('b')]);
    const failed = written.filter(({ status }) => status === 'rejected');
    expect(failed.map((result) => (result as PromiseRejectedResult).reason.code)).toEqual([
      'INVALID_ARGUMENT',
    ]);
    const winner = written[0]?.status === 'fulfilled' ? 'a' : 'b';
    expect(new Set(readFileSync(path, 'utf8'))).toEqual(new Set(winner));
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('is not replaced by a writer if another one finished in the meantime', async () => {
    async function* overtaken() {
      yield 'a'.repeat(70_000);
      await writeTextFile(path, ['b']);
    }
    await expect(writeTextFile(path, overtaken())).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(readFileSync(path, 'utf8')).toBe('b');
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('is written despite a temporary file left by a killed job', async () => {
    writeFileSync(`${path}.unfinished`, 'much more than is written now');
    await writeTextFile(path, ['new']);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('reports a missing folder before the first chunk is requested', async () => {
    let asked = false;
    function* pieces() {
      asked = true;
      yield '';
    }
    await expect(writeTextFile(join(folder, 'none', 'report.csv'), pieces())).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(asked).toBe(false);
  });
});

async function piecesOf(bytes: Uint8Array | string) {
  const file = join(temporaryFolder(), 'text');
  writeFileSync(file, bytes);
  const pieces: (string | typeof NOT_UTF8)[] = [];
  for await (const piece of utf8Text(file)) pieces.push(piece);
  return pieces;
}

it('reads characters that are split between chunks of the file', async () => {
  const text = `x${'é😀'.repeat(40_000)}`;
  const pieces = await piecesOf(text);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(text);
});

it('skips a byte order mark', async () => {
  expect(await piecesOf('\ufeffa')).toEqual(['a']);
  expect(await piecesOf('')).toEqual([]);
});

it.each([
  ['Latin 1', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]],
  ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
  ['a character that breaks off', [0x61, 0xf0, 0x9f]],
])('ends with NOT_UTF8 if the file is %s', async (_name, bytes) => {
  expect((await piecesOf(new Uint8Array(bytes))).at(-1)).toBe(NOT_UTF8);
});

it('rejects with the error of the file system', async () => {
  const reading = utf8Text(join(temporaryFolder(), 'nowhere'));
  await expect(reading.next()).rejects.toMatchObject({ code: 'ENOENT' });
});
