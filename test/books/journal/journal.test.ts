import { describe, expect, it } from 'vitest';
import { journal } from '../../../src/books/journal/journal.js';
import type { AccountEvent } from '../../../src/index.js';
import { assessed, errorOf, event, paid } from '../../support/events.js';

const fee = assessed('f1', '10.00');

describe('the journal', () => {
  it('has one entry for each event, in stream order, disputes included', () => {
    const events = [fee, event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' }), paid('p1', 'f1', '2.00')];
    const entries = [...journal(events)];
    expect(entries.map((entry) => [entry.version, entry.event.type, entry.postings.length])).toEqual([
      [1, 'FeeAssessed', 2],
      [2, 'FeeDisputed', 0],
      [3, 'PaymentReceived', 2],
    ]);
    expect(entries.map((entry) => entry.event)).toEqual(events);
  });

  it('has a currency in every entry, even without amounts', () => {
    const yen = assessed('f1', '10', { currency: 'JPY' });
    const entries = [...journal([yen, event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' })])];
    expect(entries.map(({ currency, minorDigits }) => [currency, minorDigits])).toEqual([
      ['JPY', 0],
      ['JPY', 0],
    ]);
  });

  it('has an entry for a merge that comes before the first amount', () => {
    const merges = [
      event('AccountJoined', { mergeId: 'm1', from: 'p2' }),
      event('AccountSeparated', { mergeId: 'm1' }),
    ];
    const entries = [...journal([...merges, fee])];
    expect(entries.map(({ version, currency, postings }) => [version, currency, postings.length])).toEqual([
      [1, null, 0],
      [2, null, 0],
      [3, 'USD', 2],
    ]);
  });

  it('creates each entry on demand, and stops at a corrupt event', () => {
    const entries = journal([fee, paid('p1', 'f1', '99.00')], { stream: 'north/p1' });
    expect(entries.next().value?.version).toBe(1);
    expect(errorOf(() => entries.next())).toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', position: 2 },
    });
  });

  it('is empty for an empty history, and refuses a value that is not a list', () => {
    expect([...journal([])]).toEqual([]);
    for (const bad of [undefined, null, 5, {}]) {
      const events = bad as unknown as readonly AccountEvent[];
      expect(errorOf(() => [...journal(events)]).code).toBe('INVALID_ARGUMENT');
    }
  });
});
