import { describe, expect, it } from 'vitest';
import { beancountText } from '../../../src/institution/journal/beancountText.js';
import { end, nameOf, strangeEntry } from './writtenEntries.js';

describe('a journal for beancount', () => {
  it('starts with the institution and its operating currency; a currency needs no declaration', () => {
    expect(beancountText.beginning('north\n; x', 'USD')).toBe(
      '; Journal of north%0A%3B%20x\noption "operating_currency" "USD"\n',
    );
    expect(beancountText.currency('USD', 2)).toBe('');
  });

  it('has one entry per transaction, whatever the names look like', () => {
    expect(beancountText.entry(strangeEntry('1250', 'JPY'), nameOf)).toBe(
      [
        '',
        '2026-03-02 * "a%20%7C%20b%0A" "FeeAssessed"',
        '  patron: "a%20%7C%20b%0A"',
        '  version: "1"',
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
