import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { declaredText, isReadableEncoding } from '../../src/job/declaredText.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const text = (encoding: string) =>
  `<?xml version="1.0" encoding="${encoding}"?><a>Gebühr für Élodie ${'x'.repeat(300)}</a>`;

async function read(source: Parameters<typeof declaredText>[0]): Promise<string> {
  let whole = '';
  for await (const piece of declaredText(source)) whole += piece;
  return whole;
}

/** UTF-16 with the first byte of each character last. */
const bigEndian = (content: string) => Buffer.from(content, 'utf16le').swap16();

const files: readonly (readonly [string, Buffer])[] = [
  ['UTF-8', Buffer.from(text('UTF-8'))],
  ['ISO-8859-1', Buffer.from(text('ISO-8859-1'), 'latin1')],
  ['windows-1252', Buffer.from(text('windows-1252'), 'latin1')],
  ['UTF-16', Buffer.from(`\uFEFF${text('UTF-16')}`, 'utf16le')],
  ['UTF-16LE', Buffer.from(text('UTF-16LE'), 'utf16le')],
  ['UTF-16BE', bigEndian(text('UTF-16BE'))],
];

it('reads a file in the encoding that it declares, in pieces of any size', async () => {
  for (const [encoding, bytes] of files) {
    const path = join(temporaryFolder(), 'statement.xml');
    writeFileSync(path, bytes);
    expect(await read(path)).toBe(text(encoding));
    for (const size of [1, 3, 400]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      expect(await read(pieces as never)).toBe(text(encoding));
    }
    expect(isReadableEncoding(encoding)).toBe(true);
  }
  expect(await read([text('ISO-8859-1')])).toBe(text('ISO-8859-1'));
  expect([isReadableEncoding('EBCDIC-INT'), await read([])]).toEqual([false, '']);
});

it('refuses bytes that are not what the file declares', async () => {
  for (const bytes of [Buffer.from(text('UTF-8'), 'latin1'), Buffer.from([0xff, 0xfe, 0x3c, 0, 0x00, 0xd8])])
    await expect(read([bytes] as never)).rejects.toThrow('bytes that are not UTF-8');
});
