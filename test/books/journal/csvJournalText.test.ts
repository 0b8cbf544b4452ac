import { expect, it } from 'vitest';
import { csvJournalText } from '../../../src/books/journal/csvJournalText.js';
import { journal } from '../../../src/books/journal/journal.js';
import { assessed } from '../../support/events.js';

it('a line of the flat file has the names of its columns, and no cell that is a formula', () => {
  const [entry] = journal([assessed('=f1', '5.00', { by: { channel: 'desk', userId: '=ana' } })]);
  if (entry === undefined) throw new Error('no entry');
  const names = csvJournalText().beginning('north', 'USD').trim().split(',');
  const written = csvJournalText().entry({
    ...{ ...entry, currency: 'USD', owner: ['patron', '=p'], number: 7, recordedAt: '2026-03-02T09:00:00Z' },
    ...{ day: '2026-03-02', happened: '2026-03-01' },
    postings: entry.postings.map((posting) => ({ ...posting, name: posting.account[0] })),
  });
  const [line = ''] = written.split('\r\n');
  const cells = Object.fromEntries(line.split(',').map((cell, at) => [names[at], cell]));
  expect(cells).toMatchObject({ account: 'receivable', debit: '5.00', credit: '', eventDate: '2026-03-01' });
  expect(cells).toMatchObject({
    entry: '7',
    user: '%3Dana',
    row: '%3Df1',
    patron: '%3Dp',
    document: '%3Dp/1',
  });
  expect(csvJournalText().currency('USD', 2) + csvJournalText().end({} as never)).toBe('');
});
