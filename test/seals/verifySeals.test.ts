import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedStream, RedactingEventStore } from 'patron-fees/history';
import type { OfficeEvent } from 'patron-fees/office';
import { describe, expect, it } from 'vitest';
import {
  booksOver,
  emptyBooks,
  found,
  institution,
  newDatabase,
  record,
  sealed,
  verify,
} from './sealedBooks.js';

describe('verifySeals', () => {
  it('also finds a corrupt account after the last seal', async () => {
    const [accounts, office] = [newDatabase(), newDatabase()];
    const books = booksOver(accounts, office);
    await record(books, { seed: 2, count: 4 }, async (month) => month === '2026-01' && sealed(books, month));
    expect(await found(books)).toEqual([]);
    const [last] = accounts
      .prepare('select patron_id, max(version) version from patron_fees_event')
      .all() as { patron_id: string; version: number }[];
    accounts
      .prepare('update patron_fees_event set event = ? where patron_id = ? and version = ?')
      .run('{}', String(last?.patron_id), Number(last?.version));
    expect(await found(books)).toEqual([`INVALID_EVENT ${last?.patron_id} ${last?.version} null`]);
  });

  it('finds sums that differ from the journal, without another finding', async () => {
    const [accounts, office] = [newDatabase(), newDatabase()];
    const books = booksOver(accounts, office);
    await record(books, { seed: 2, count: 4 }, async (month) => month === '2026-01' && sealed(books, month));
    const file = join(books.folder, 'seal-00001.ndjson');
    const wrong = (text: string) => text.replace(/"amount":"(-?)(\d)/, '"amount":"$19$2');
    const before = readFileSync(file, 'utf8');
    const totalOf = (text: string) => createHash('sha256').update(text).digest('hex');
    writeFileSync(file, wrong(before));
    const [row] = office.prepare("select event from patron_fees_event where patron_id = 'seals:'").all() as {
      event: string;
    }[];
    const event = wrong((row as { event: string }).event).replace(totalOf(before), totalOf(wrong(before)));
    office.prepare("update patron_fees_event set event = ? where patron_id = 'seals:'").run(event);
    expect(await found(books)).toEqual(['JOURNAL_DIFFERS seals: null 1']);
  });

  it('finds nothing if the stores erased texts', async () => {
    const books = emptyBooks();
    const { accounts, office } = books.stores;
    await record(books, { seed: 2, count: 4 }, async (month) => month === '2026-01' && sealed(books, month));
    const till = { institution, stream: 'till:CIRC' };
    const erased = [await (office as RedactingEventStore<OfficeEvent, NamedStream>).redact(till)];
    for (const account of (await accounts.accounts()).accounts) erased.push(await accounts.redact(account));
    expect(erased[0]?.events).toBeGreaterThan(0);
    expect(erased.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(Number(erased[0]?.events));
    expect(await found(books)).toEqual([]);
  });

  it('compares nothing without seals', async () => {
    const books = emptyBooks();
    expect(await verify(books)).toMatchObject({
      seals: 0,
      readFrom: null,
      newest: null,
      sums: [],
      findings: { count: 0 },
    });
  });
});
