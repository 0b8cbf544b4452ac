import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EventLine, LineFault } from '../../src/cli/eventLine.js';
import { openSource } from '../../src/cli/eventSource.js';
import { fileOf, memoryTerminal, storedLines } from '../support/commandLine.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

async function readAll(address: string, input?: string) {
  const { terminal } = memoryTerminal(input === undefined ? {} : { input });
  const source = await openSource(terminal, address);
  const lines: EventLine[] = [];
  const faults: LineFault[] = [];
  for await (const line of source.events((fault) => void faults.push(fault))) lines.push(line);
  await source.close();
  return { lines, faults };
}

describe('a file', () => {
  it('is read line by line, whatever ends its lines, and with a byte order mark', async () => {
    const text = `\ufeff${storedLines(['u17', 'u18']).join('\r\n')}`;
    const { lines, faults } = await readAll('-', text);
    expect(faults).toEqual([]);
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is read further after a broken line, which is reported', async () => {
    const [first = '', ...others] = storedLines(['u17']);
    const { lines, faults } = await readAll(fileOf([first, '{"type":', '', ...others]));
    expect(lines).toHaveLength(3);
    expect(faults.map(({ line, column }) => [line, column])).toEqual([
      [2, 9],
      [3, 1],
    ]);
  });

  it('is refused if its bytes are not UTF-8', async () => {
    const file = join(temporaryFolder(), 'latin1.jsonl');
    writeFileSync(file, Buffer.from('{"type":"Bergstr\u00f6m"}\n', 'latin1'));
    expect((await readAll(file)).faults[0]).toMatchObject({ code: 'NOT_UTF8', line: 1, column: 17 });
  });

  it('does not keep a line without an end in memory', async () => {
    const { faults } = await readAll('-', 'x'.repeat(17_000_000));
    expect(faults[0]).toMatchObject({ code: 'LINE_TOO_LONG', line: 1 });
  });

  it('that is missing or a folder is reported in one sentence', async () => {
    const { terminal } = memoryTerminal({});
    await expect(openSource(terminal, '/nowhere/fees.jsonl')).rejects.toThrow(
      '/nowhere/fees.jsonl: there is no such file.',
    );
    await expect(openSource(terminal, '/')).rejects.toThrow('/ is a folder, not a file.');
    await expect(openSource(terminal, '')).rejects.toThrow('found an empty name');
    await expect(openSource(terminal, 'mysql://u:secret@h/d')).rejects.toThrow(
      'mysql://u:***@h/d: expected a file, sqlite:FILE, postgres:URL or nats:URL.',
    );
  });

  it('that is compressed or in UTF-16 is reported in one sentence, not with a fault for each line', async () => {
    const { terminal } = memoryTerminal({});
    const text = storedLines(['u17']).join('\n');
    const file = join(temporaryFolder(), 'fees.jsonl');
    writeFileSync(file, gzipSync(text));
    await expect(openSource(terminal, file)).rejects.toThrow('is compressed: unpack it first');
    writeFileSync(file, 'PK\x03\x04 and more');
    await expect(openSource(terminal, file)).rejects.toThrow('with unzip');
    writeFileSync(file, 'SQLite format 3\0 and more');
    await expect(openSource(terminal, file)).rejects.toThrow('is a database: write sqlite:FILE');
    const sheet = join(temporaryFolder(), 'fees.xlsx');
    writeFileSync(sheet, 'PK\x03\x04 and more');
    await expect(openSource(terminal, sheet)).rejects.toThrow('is a spreadsheet: save it as CSV in UTF-8.');
    writeFileSync(file, `\ufeff${text}`, 'utf16le');
    await expect(openSource(terminal, file)).rejects.toThrow('is in UTF-16: expected UTF-8');
    writeFileSync(file, '');
    expect(await readAll(file)).toEqual({ lines: [], faults: [] });
    // A name, not an archive.
    writeFileSync(file, 'PK');
    await openSource(terminal, file);
  });
});
