import { describe, expect, it } from 'vitest';
import { accountWriter } from '../../../src/books/journal/accountText.js';
import { ledgerNames } from '../../../src/books/journal/chart.js';
import { hledgerText } from '../../../src/books/journal/ledgerText.js';
import type { AccountEvent } from '../../../src/index.js';
import { localDay } from '../../../src/job/localDay.js';
import { assessed, errorOf, event, paid } from '../../support/events.js';
import { stream } from '../../support/stores.js';

function written(events: readonly AccountEvent[], timeZone = 'UTC') {
  const recorded = events.map((fact, index) => ({
    version: index + 1,
    recordedAt: '2026-03-02T09:00:00Z',
    event: fact,
  }));
  const period = {
    postedBy: 'at',
    dayOf: localDay(timeZone),
    from: undefined,
    through: undefined,
    isSummary: false,
  } as const;
  return accountWriter(hledgerText, ledgerNames([]), period)(stream, recorded);
}

describe('the journal of one account', () => {
  it('omits events without postings, and returns the totals of the rest', () => {
    const fee = assessed('f1', '10.00', { at: '2026-03-05T09:00:00Z' });
    const late = paid('p1', 'f1', '4.00');
    const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1', at: '2027-01-01T09:00:00Z' });
    const { textFrom, entries, days, currency, minorDigits, ledger } = written([fee, disputed, late]);
    expect(textFrom(1).match(/^\S.*$/gm)).toEqual([
      '2026-03-05 p1 | FeeAssessed',
      '2026-03-02 p1 | PaymentReceived',
    ]);
    expect({ entries, days, currency, minorDigits }).toEqual({
      entries: 2,
      days: { firstDay: '2026-03-02', lastDay: '2026-03-05' },
      currency: 'USD',
      minorDigits: 2,
    });
    expect([...ledger.values()].map(({ account, amount }) => [account[0], amount])).toEqual([
      ['receivable', 600],
      ['revenue', -1_000],
      ['cash', 400],
    ]);
  });

  it('uses the days of the library', () => {
    const fee = assessed('f1', '10.00', { at: '2026-03-01T23:30:00-05:00' });
    expect(written([fee]).days?.firstDay).toBe('2026-03-02');
    expect(written([fee], 'America/New_York').days?.firstDay).toBe('2026-03-01');
  });

  it('is empty for an empty history', () => {
    expect(written([]).textFrom(1)).toBe('');
    expect(written([])).toMatchObject({ entries: 0, days: null, currency: null });
  });

  it('gives a finding for a date that some programs refuse', () => {
    const wrong = [
      '0000-06-01T00:00:00Z',
      '0999-12-31T00:00:00Z',
      '9999-01-01T00:00:00Z',
      '9999-12-31T23:59:00-10:00',
    ];
    for (const at of wrong) {
      const { code, message } = errorOf(() =>
        written([assessed('f1', '1.00'), assessed('f2', '1.00', { at })]),
      );
      expect(code).toBe('INVALID_EVENT');
      expect(message).toContain(`event 2 (FeeAssessed): at: expected a year from 1000 to 9998, found ${at}`);
    }
    const right = ['1000-01-02T00:00:00Z', '9998-12-31T00:00:00Z'];
    for (const at of right) expect(written([assessed('f1', '1.00', { at })]).entries).toBe(1);
  });

  it('gives a finding if the events do not fold', () => {
    const { code, details } = errorOf(() => written([paid('p1', 'f1', '1.00')]));
    expect({ code, stream: details.stream }).toEqual({ code: 'CORRUPT_HISTORY', stream: 'north/p1' });
  });
});
