import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textOfLine } from '../../src/seals/sealFile.js';
import { finishFile, mergeParts, readParts, usedKnown, writePart } from '../../src/seals/sealPart.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const figures = {
  accounts: 1,
  officeStreams: 0,
  events: 1,
  previous: null,
  cutoff: 'c',
  sums: [],
  findings: [],
};
const lineOf = (id: string) =>
  `${textOfLine({ kind: 'account', id, version: 1, digest: 'a', open: false, leaves: 'b' })}\n`;

async function write(folder: string, index: number, ids: readonly string[]): Promise<void> {
  async function* lines() {
    yield* ids.map(lineOf);
  }
  await writePart(folder, { number: 1, index, of: 2 }, lines, () => figures);
}

describe('the parts of a seal', () => {
  it('are merged and removed once all of them exist', async () => {
    const folder = temporaryFolder();
    const read = () => readParts(folder, { number: 1, of: 2 }, figures);
    await write(folder, 1, ['b', 'd']);
    expect(await read()).toBeNull();
    await write(folder, 0, ['a', 'c']);
    expect(await read()).toHaveLength(2);
    expect(await readParts(folder, { number: 1, of: 2 }, { ...figures, previous: 'other' })).toBeNull();
    const total = await mergeParts(folder, { number: 1, of: 2 }, { institution: 'north' } as never);
    const file = join(folder, `seal-00001.ndjson.${total.slice(0, 16)}`);
    expect(readFileSync(file, 'utf8')).toBe(
      `{"institution":"north"}\n${['a', 'b', 'c', 'd'].map(lineOf).join('')}`,
    );
    writeFileSync(join(folder, 'seal-00002.ndjson'), '');
    expect(await finishFile(folder, { number: 1, total } as never)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['seal-00001.ndjson', 'seal-00002.ndjson']);
  });

  it('list the known differences that were found', () => {
    const place = { code: 'EVENT_ADDED', patronId: 'p', version: 2, seal: 1, digest: 'd' } as const;
    const known = { ...place, by: 'mo', why: 'clock' };
    const finding = { ...place, institution: 'north', knownSince: null, message: '' };
    const others = [{ version: 3 }, { seal: 2 }, { digest: 'e' }].map((other) => ({ ...known, ...other }));
    expect(usedKnown([known, ...others], [finding, finding], 2)).toEqual([known]);
  });

  it('list balances of earlier seals, which only verifySeals compares', () => {
    const sums = { code: 'JOURNAL_DIFFERS', stream: 'seals:', version: null, digest: 'd' } as const;
    const entries = [1, 2].map((seal) => ({ ...sums, seal, by: 'mo', why: 'a purge' }));
    expect(usedKnown(entries, [], 2)).toEqual(entries.slice(0, 1));
  });
});
