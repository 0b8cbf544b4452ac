import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import {
  completePath,
  existingPath,
  loadSeals,
  openNewestSeal,
  readSeals,
} from '../../src/seals/sealBook.js';
import { randomAccounts } from '../support/randomAccounts.js';
import { emptyBooks, institution, months, policy, record, sealed } from './sealedBooks.js';

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

describe('the newest seal', () => {
  it('allows only accounts that it covers completely, that match it, and that had nothing open', async () => {
    const books = emptyBooks();
    expect(await openNewestSeal(undefined, books.stores.office, institution)).toBeNull();
    expect(await openNewestSeal(undefined, undefined, institution)).toBeNull();
    await record(books, { seed: 4, count: 40 }, async (month) => month === '2026-03' && sealed(books, month));
    const newest = await openNewestSeal(books.folder, books.stores.office, institution);
    if (newest === null) throw new Error('no seal');
    const reasons: (string | null)[] = [];
    for (const { patronId } of randomAccounts(40, 4)) {
      const stream = { institution, patronId };
      const { events } = await books.stores.accounts.read(stream);
      const reason = await newest.reasonOf(stream, events);
      reasons.push(reason);
      if (reason !== null) continue;
      const [first, ...rest] = events as [(typeof events)[number]];
      expect(await newest.reasonOf(stream, events.slice(0, -1))).toBe('NotSealed');
      const moved = { ...first, recordedAt: '2026-01-01T00:00:00Z' };
      expect(await newest.reasonOf(stream, [moved, ...rest])).toBe('SealDiffers');
    }
    expect(new Set(reasons)).toEqual(new Set([null, 'NotSealed']));
    expect(await newest.reasonOf({ institution, patronId: 'nobody' }, [])).toBe('NotSealed');
    await newest.close();
  });

  it('finds the line of each account, at any place in the file', async () => {
    const books = emptyBooks();
    const { accounts, office } = books.stores;
    const at = books.clock.now;
    const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
    const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at } as const;
    const streams = Array.from({ length: 60 }, (_, index) => {
      return { institution, patronId: `p${'x'.repeat(index)}` };
    });
    for (const stream of streams) await execute(accounts, policy, stream, [fee, payment]);
    await sealed(books, '2026-01');
    const newest = await openNewestSeal(books.folder, office, institution);
    for (const stream of streams) {
      const { events } = await accounts.read(stream);
      expect([stream.patronId, await newest?.reasonOf(stream, events)]).toEqual([stream.patronId, null]);
    }
    await newest?.close();
  });

  it('must exist and be unchanged', async () => {
    const books = emptyBooks();
    await sealed(books, '2026-01');
    const open = (folder: string | undefined) => openNewestSeal(folder, books.stores.office, institution);
    await expect(open(undefined)).rejects.toThrow('INVALID_ARGUMENT: options.seals: expected the folder');
    writeFileSync(join(books.folder, 'seal-00001.ndjson'), '');
    await expect(open(books.folder)).rejects.toThrow(
      'CORRUPT_HISTORY: seal 1: the file seal-00001.ndjson has the total',
    );
  });
});
