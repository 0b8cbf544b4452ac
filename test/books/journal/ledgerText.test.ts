import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerNames } from '../../../src/books/journal/chart.js';
import { journal } from '../../../src/books/journal/journal.js';
import { ledgerAccountName } from '../../../src/books/journal/ledgerAccount.js';
import {
  accountWriter,
  beancountText,
  csvJournalText,
  type DaySpan,
  entryTags,
  hledgerText,
  plainText,
  type WrittenEntry,
  widened,
} from '../../../src/books/journal/ledgerText.js';
import type { AccountEvent } from '../../../src/index.js';
import { localDay } from '../../../src/job/localDay.js';
import { assessed, errorOf, event, paid } from '../../support/events.js';
import { strangeIds } from '../../support/hostile.js';
import { stream } from '../../support/stores.js';

/** An entry of a fee with hostile names, in a given currency. */
function strangeEntry(amount: string, currency: string): WrittenEntry {
  const [entry] = journal([assessed('f"1;', amount, { currency, owner: 'süd' })]);
  if (entry === undefined) throw new Error('no entry');
  const postings = entry.postings.map((posting) => ({
    ...posting,
    name: ledgerAccountName(posting.account),
  }));
  return {
    ...entry,
    currency,
    postings,
    owner: ['patron', 'a | b\n'],
    number: 7,
    recordedAt: '2026-03-02T09:00:00Z',
    day: '2026-03-02',
    happened: '2026-03-01',
  };
}

const end = {
  firstDay: '2026-02-27',
  lastDay: '2026-02-28',
  opened: new Set(['Assets:Cash:CASH', 'Income:Forfeited']),
  balances: [
    { name: 'Assets:Cash:CASH', currency: 'USD', amount: '2.50' },
    { name: 'Assets:Cash:CASH', currency: 'JPY', amount: '-3' },
    { name: 'Income:Forfeited', currency: 'USD', amount: '-2.50' },
  ],
  assertBalances: true,
};

it('the combined span goes from the earliest to the latest day, in any order of accounts', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-02-${String(number).padStart(2, '0')}`);
  const span = fc.tuple(day, day).map((days) => days.sort() as [string, string]);
  fc.assert(
    fc.property(fc.array(span, { minLength: 1 }), (spans) => {
      const whole = spans.reduce<DaySpan | null>(
        (known, [firstDay, lastDay]) => widened(known, { firstDay, lastDay }),
        null,
      );
      const days = spans.flat().sort();
      expect(whole).toEqual({ firstDay: days[0], lastDay: days.at(-1) });
    }),
  );
});

describe('a journal for hledger', () => {
  it('starts with its owner and the number format', () => {
    expect(hledgerText.beginning('north\n; x', 'USD')).toBe(
      '; Journal of north%0A%3B%20x\n\ndecimal-mark .\n',
    );
  });

  it('declares a currency with its decimals', () => {
    expect([0, 2, 3].map((digits) => hledgerText.currency('XXX', digits))).toEqual([
      '\ncommodity 1000. XXX\n',
      '\ncommodity 1000.00 XXX\n',
      '\ncommodity 1000.000 XXX\n',
    ]);
  });

  it('has one entry per transaction, whatever the names look like', () => {
    expect(hledgerText.entry(strangeEntry('1.250', 'KWD'))).toBe(
      [
        '',
        '2026-03-02 a%20%7C%20b%0A | FeeAssessed',
        '    ; patron:a%20%7C%20b%0A, version:1, document:a%20%7C%20b%0A/1, happened:2026-03-01, event:FeeAssessed',
        '    Assets:Receivable:X-xs-xC3-xBCd  1.250 KWD  ; row:f%221%3B',
        '    Income:Revenue:X-xs-xC3-xBCd:OTHER  -1.250 KWD  ; row:f%221%3B',
        '',
      ].join('\n'),
    );
  });

  it('ends with its accounts and their asserted balances', () => {
    expect(hledgerText.end(end)).toBe(
      [
        '',
        'account Assets:Cash:CASH',
        'account Income:Forfeited',
        '',
        '2026-02-28 Balance',
        '    Assets:Cash:CASH  0 USD = 2.50 USD',
        '',
        '2026-02-28 Balance',
        '    Assets:Cash:CASH  0 JPY = -3 JPY',
        '',
        '2026-02-28 Balance',
        '    Income:Forfeited  0 USD = -2.50 USD',
        '',
      ].join('\n'),
    );
    expect(hledgerText.end({ ...end, assertBalances: false })).not.toContain('Balance');
  });
});

describe('a journal for beancount', () => {
  it('starts with the institution and its operating currency; a currency needs no declaration', () => {
    expect(beancountText.beginning('north\n; x', 'USD')).toBe(
      '; Journal of north%0A%3B%20x\noption "operating_currency" "USD"\n',
    );
    expect(beancountText.currency('USD', 2)).toBe('');
  });

  it('has one entry per transaction, whatever the names look like', () => {
    expect(beancountText.entry(strangeEntry('1250', 'JPY'))).toBe(
      [
        '',
        '2026-03-02 * "a%20%7C%20b%0A" "FeeAssessed"',
        '  patron: "a%20%7C%20b%0A"',
        '  version: "1"',
        '  document: "a%20%7C%20b%0A/1"',
        '  happened: "2026-03-01"',
        '  event: "FeeAssessed"',
        '  Assets:Receivable:X-xs-xC3-xBCd  1250 JPY',
        '    row: "f%221%3B"',
        '  Income:Revenue:X-xs-xC3-xBCd:OTHER  -1250 JPY',
        '    row: "f%221%3B"',
        '',
      ].join('\n'),
    );
  });

  it('opens its accounts on the first day, and asserts balances on the morning after the last', () => {
    expect(beancountText.end(end)).toBe(
      [
        '',
        '2026-02-27 open Assets:Cash:CASH',
        '2026-02-27 open Income:Forfeited',
        '',
        '2026-03-01 balance Assets:Cash:CASH  2.50 ~ 0 USD',
        '2026-03-01 balance Assets:Cash:CASH  -3 ~ 0 JPY',
        '2026-03-01 balance Income:Forfeited  -2.50 ~ 0 USD',
        '',
      ].join('\n'),
    );
    expect(beancountText.end({ ...end, assertBalances: false })).not.toContain('balance');
  });
});

const [entry] = journal([
  event(
    'PaymentReceived',
    {
      paymentId: 'p1',
      amount: '1.00',
      method: 'CHECK',
      allocations: [],
      overpayment: { creditId: 'c1', amount: '1.00' },
      externalTransactionId: 'x 1',
      reference: '4711;',
      comment: 'for Jane',
      staffNote: 'late',
    },
    { commandId: 'p1', commandDigest: 'd' },
  ),
]);

describe('the tags of an entry', () => {
  it('have the patron, the position, the command and the external reference', () => {
    expect(entry && entryTags({ ...entry, owner: ['patron', 'a,b'], happened: '2026-03-01' })).toEqual([
      ['patron', 'a%2Cb'],
      ['version', '1'],
      ['document', 'a%2Cb/1'],
      ['happened', '2026-03-01'],
      ['event', 'PaymentReceived'],
      ['command', 'p1'],
      ['transaction', 'x%201'],
      ['reference', '4711%3B'],
    ]);
  });

  it('have the reference of an external system', () => {
    const sent = { transferId: 't1', feeId: 'f1', amount: '1.00', expectsSettlement: true };
    const [, transferred] = journal([
      assessed('f1', '1.00'),
      event('FeeTransferred', { ...sent, externalReference: 'B 77' }),
    ]);
    const tags = transferred && entryTags({ ...transferred, owner: ['patron', 'p'], happened: '2026-03-01' });
    expect(tags?.at(-1)).toEqual(['reference', 'B%2077']);
  });

  it('omit what is missing, and all personal comments', () => {
    const item = { title: 'Walden', barcode: '3001' };
    const [fee] = journal([assessed('f1', '1.00', { item, comment: 'found torn', reason: 'OTHER' })]);
    expect(fee && entryTags({ ...fee, owner: ['patron', 'p1'], happened: '2026-03-01' })).toEqual([
      ['patron', 'p1'],
      ['version', '1'],
      ['document', 'p1/1'],
      ['happened', '2026-03-01'],
      ['event', 'FeeAssessed'],
    ]);
  });
});

const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: 'binary-ascii', minLength: 1 }),
  fc.constantFrom(...strangeIds),
);

describe('plain text', () => {
  it('has no punctuation used by a format, and no character beyond ASCII', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(plainText(text)).toMatch(/^[\w.@%-]+$/);
      }),
    );
  });

  it('can be decoded to the original text', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(decodeURIComponent(plainText(text))).toBe(text);
      }),
    );
  });

  it('can be made from an unpaired surrogate', () => {
    expect(plainText('a\ud800b')).toBe('a%EF%BF%BDb');
  });

  it('keeps ordinary names unchanged', () => {
    for (const text of ['dverma', 'jean.d@example.org', 'u-0001', 'CREDIT_CARD', '__proto__']) {
      expect(plainText(text)).toBe(text);
    }
    expect(plainText("*(a), b:c;'ü'\n")).toBe('%2A%28a%29%2C%20b%3Ac%3B%27%C3%BC%27%0A');
  });
});

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
