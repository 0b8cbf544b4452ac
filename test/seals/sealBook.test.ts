import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completePath, existingPath, loadSeals, readSeals } from '../../src/seals/sealBook.js';
import { emptyBooks, institution, months, sealed } from './sealedBooks.js';

describe('the seals of an institution', () => {
  it('are events and files that agree, in order', async () => {
    const books = emptyBooks();
    for (const month of months) await sealed(books, month);
    const { folder, stores } = books;
    const listed = [1, 2, 3];
    const recorded = await loadSeals(stores.office, institution);
    expect(recorded.map(({ version, seal }) => [version, seal.number])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const all = await readSeals(folder, institution, recorded, 1, listed);
    expect(all.read.map(({ number, month }) => [number, month])).toEqual([
      [1, '2026-02'],
      [2, '2026-03'],
      [3, '2026-04'],
    ]);
    expect(all.differences).toEqual([]);
    expect(
      (await readSeals(folder, institution, recorded, recorded.length, listed)).read.map(
        ({ number }) => number,
      ),
    ).toEqual([3]);
    expect((await readSeals(folder, 'south', recorded, recorded.length, listed)).differences).toMatchObject([
      { seal: 3 },
    ]);
    const without = await readSeals(folder, institution, [recorded[0], recorded[2]] as never, 1, listed);
    expect(without.differences.map(({ seal }) => seal)).toEqual([3, 2]);
    const [{ seal }] = recorded as [(typeof recorded)[number]];
    renameSync(join(folder, seal.file), completePath(folder, seal));
    expect(await existingPath(folder, seal)).toBe(completePath(folder, seal));
    rmSync(completePath(folder, seal));
    expect(await existingPath(folder, seal)).toBeNull();
    // The oldest may be gone.
    expect((await readSeals(folder, institution, recorded, 1, listed)).differences).toEqual([]);
  });
});
