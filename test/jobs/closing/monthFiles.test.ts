import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { institution, policy } from '../../seals/sealedBooks.js';
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
