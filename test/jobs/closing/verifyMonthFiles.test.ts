import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { describe, expect, it } from 'vitest';
import { emptyBooks, institution, policy, timeZone } from '../../seals/sealedBooks.js';
import { type Closing, close, fee, filled, january, verified } from './closedMonths.js';

/** The stores of books whose process dies at the renaming of a closing's files: they are recorded then. */
function dying(books: Closing): Closing {
  const { office } = books.stores;
  const append: typeof office.append = async (stream, events, options) => {
    const appended = await office.append(stream, events, options);
    if (stream.stream === 'closings:') throw new Error('killed');
    return appended;
  };
  return { ...books, stores: { ...books.stores, office: { ...office, append } } };
}

describe('the files of a closing that dies', () => {
  it('are recorded before they get their names; after a kill, the next closing renames them', async () => {
    const books = await filled();
    await expect(close(dying(books), '2026-01')).rejects.toThrow('killed');
    expect(readdirSync(books.files).sort()).toEqual(january.map((name) => `${name}.closing`));
    expect(await verified(books)).toEqual([0]);
    await close(books, '2026-02');
    expect(january.every((name) => existsSync(join(books.files, name)))).toBe(true);
    expect(await verified(books)).toEqual([8]);
  });

  it('are not changed by a closing that dies while it replaces them', async () => {
    const books = await filled();
    await close(books, '2026-01');
    books.clock.now = '2026-01-31T20:00:00Z';
    const patron = { institution, patronId: 'p' };
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'late', at: books.clock.now });
    const refused = await close(books, '2026-01');
    const { findings } = refused.accepted ? { findings: null } : refused.report;
    const known = findings?.first.map((finding) => ({ ...finding, by: 'mo', why: 'slow clock' }));
    await expect(close(dying(books), '2026-01', { known })).rejects.toThrow('killed');
    expect(await verified(books)).toEqual([4]);
    expect(readFileSync(join(books.files, 'journal-2026-01.csv'), 'utf8')).not.toContain('late');
    appendFileSync(join(books.files, 'payments-2026-01-USD.csv'), ' ');
    expect(await verified(books)).toEqual([3, 'FILE_CHANGED payments-2026-01-USD.csv 1']);
    await close(books, '2026-01', { known });
    expect(await verified(books)).toEqual([4]);
    expect(readFileSync(join(books.files, 'journal-2026-01.csv'), 'utf8')).toContain('late');
  });
});

describe('the files of a closed month', () => {
  it('are proven by the office alone, and each change of one is found', async () => {
    const books = await filled();
    await close(books, '2026-01');
    expect(readdirSync(books.files).sort()).toEqual(january);
    expect(await verified(books)).toEqual([4]);
    for (const name of january) {
      const text = readFileSync(join(books.files, name));
      appendFileSync(join(books.files, name), ' ');
      expect(await verified(books)).toEqual([3, `FILE_CHANGED ${name} 1`]);
      rmSync(join(books.files, name));
      expect(await verified(books)).toEqual([3]);
      writeFileSync(join(books.files, name), text);
    }
    // The same month again records nothing, as nothing differs.
    await close(books, '2026-01');
    expect((await books.stores.office.read({ institution, stream: 'closings:' })).version).toBe(1);
    expect(await verified(books)).toEqual([4]);
  });

  it('are a finding if no closing recorded them', async () => {
    const books = await filled();
    await close(books, '2026-01');
    const { office } = emptyBooks().stores;
    const seals = { institution, stream: 'seals:' };
    const events = (await books.stores.office.read(seals)).events.map(({ event }) => event);
    await office.append(seals, events, { expectedVersion: 0 });
    const earlier = { stores: { ...books.stores, office }, files: books.files };
    expect(await verified(earlier)).toEqual([0, ...january.map((name) => `FILES_NOT_RECORDED ${name} 1`)]);
    // Files of an open month, and files with other names, are not compared.
    writeFileSync(join(books.files, 'journal-2026-02.csv'), '');
    writeFileSync(join(books.files, 'notes.txt'), '');
    expect(await verified(books)).toEqual([4]);
  });

  it('can be verified ten years later, after their accounts were purged', async () => {
    const books = await filled();
    const { stores, clock, folder, files } = books;
    const patron = { institution, patronId: 'p' };
    const payment = { type: 'ReceivePayment', id: 'p', amount: '5', method: 'CASH', at: clock.now } as const;
    expect(await execute(stores.accounts, policy, patron, payment)).toMatchObject({
      decision: { accepted: true },
    });
    for (const month of ['2026-01', '2026-02']) await close(books, month);
    expect(await verified(books)).toEqual([8]);
    clock.now = '2037-06-01T09:00:00Z';
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const form = { jobId: 'purge', institution, at: clock.now, by, timeZone, settledForDays: 3_652 };
    const purged = await runPurge(stores, policy, form, { now: clock.now, seals: folder });
    expect(purged).toMatchObject({ report: { purged: 1 } });
    expect(await verified(books)).toEqual([8]);
    const journal = join(files, 'journal-2026-01.csv');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('5.00', '4.00'));
    expect(await verified(books)).toEqual([7, 'FILE_CHANGED journal-2026-01.csv 1']);
  });
});
