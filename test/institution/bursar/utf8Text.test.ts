import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NOT_UTF8, utf8Text } from '../../../src/institution/bursar/utf8Text.js';
import { temporaryFolder } from './bursarLibrary.js';

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
