import { expect, it } from 'vitest';
import { officeLogs } from '../../../scripts/goldenOffice.js';
import { isPosted } from '../../../src/books/journal/officePostings.js';
import { bankPostings, officePostings, tillPostings } from '../../../src/jobs/reports/index.js';
import type { BankEvent, TillEvent } from '../../../src/office/index.js';

const logs = Object.values(officeLogs).map(({ stream, events }) => ({
  stream: { institution: 'north', stream },
  events,
}));

it('posts an event of each golden log, and each event sums to zero', () => {
  const kinds = new Set<string>();
  for (const { stream, events } of logs) {
    const postings = officePostings(stream, events);
    expect(postings).toHaveLength(events.length);
    for (const { postings: one } of postings)
      expect(one.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    const isMoved = postings.some((one) => one.postings.length > 0);
    if (isMoved) kinds.add(stream.stream.split(':')[0] as string);
    if (!isPosted(stream)) expect(isMoved).toBe(false);
  }
  expect([...kinds].sort()).toEqual(['bank', 'online', 'onlineKept', 'remittances', 'till']);
});

it('has the desk of a till, and the name of a bank account', () => {
  const [till] = logs.filter(({ stream }) => stream.stream.startsWith('till:'));
  const [bank] = logs.filter(({ stream }) => stream.stream.startsWith('bank:'));
  if (till === undefined || bank === undefined) throw new Error('no log');
  expect(officePostings(till.stream, till.events)).toEqual(tillPostings(till.events as readonly TillEvent[]));
  const renamed = { institution: 'north', stream: 'bank:OTHER' };
  expect(officePostings(renamed, bank.events).map(({ postings }) => postings)).toEqual(
    bankPostings('OTHER', bank.events as readonly BankEvent[]),
  );
});
