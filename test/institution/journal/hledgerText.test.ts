import { describe, expect, it } from 'vitest';
import { hledgerText } from '../../../src/institution/journal/hledgerText.js';
import { end, nameOf, strangeEntry } from './writtenEntries.js';

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
    expect(hledgerText.entry(strangeEntry('1.250', 'KWD'), nameOf)).toBe(
      [
        '',
        '2026-03-02 a%20%7C%20b%0A | FeeAssessed',
        '    ; patron:a%20%7C%20b%0A, version:1, event:FeeAssessed',
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
