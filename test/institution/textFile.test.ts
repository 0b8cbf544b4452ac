import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTextFile } from '../../src/institution/textFile.js';

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

  it('has the text of one of two concurrent writers, and the other one rejects', async () => {
    async function* slow(text: string) {
      yield text.repeat(70_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield text;
    }
    const written = await Promise.allSettled([
      writeTextFile(path, slow('a')),
      writeTextFile(path, slow('b')),
    ]);
    const failed = written.filter(({ status }) => status === 'rejected');
    expect(failed.map((result) => (result as PromiseRejectedResult).reason.code)).toEqual([
      'INVALID_ARGUMENT',
    ]);
    const winner = written[0]?.status === 'fulfilled' ? 'a' : 'b';
    expect(new Set(readFileSync(path, 'utf8'))).toEqual(new Set(winner));
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
