import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';
import { openSearch, type SearchIndex } from '../../scripts/apiPages/search/findPages.js';

const assets = join(inject('siteFolder'), 'assets');

/** The file is a script; a page opened from a disk cannot fetch data. */
const packed = /^patronFeesSearch\('(.*)'\);$/.exec(
  readFileSync(join(assets, 'search-index.js'), 'utf8'),
)?.[1];
const index = JSON.parse(String(inflateSync(Buffer.from(packed ?? '', 'base64')))) as SearchIndex;
const find = openSearch(index);

/** What people ask for, and the page that must come first. */
const questions: readonly (readonly [question: string, address: string])[] = [
  ['bounced', 'guides/undo-mistakes'],
  ['webhook', 'guides/take-payments-online'],
  ['nightly', 'guides/accrue-fines-nightly'],
  ['idempotency', 'concepts/idempotency'],
  ['balance of a patron', 'concepts/balances'],
  ['how do I take a partial payment', 'guides/charge-and-take-payments'],
  ['forgive a fine', 'guides/waive-fees'],
  ['amnesty', 'guides/waive-in-bulk'],
  ['chargeback', 'guides/refunds-and-chargebacks'],
  ['refund a credit to the patron', 'guides/credits-and-refunds'],
  ['lost book returned', 'guides/lost-items'],
  ['grace period', 'guides/charge-overdue-fines'],
  ['library closed on holidays', 'guides/charge-overdue-fines'],
  ['instalments', 'guides/payment-plans'],
  ['family pays for a child', 'guides/households'],
  ['duplicate patron', 'guides/merge-two-accounts'],
  ['permission to waive', 'guides/who-may'],
  ['roles and permissions', 'guides/who-may'],
  ['GDPR', 'concepts/personal-data'],
  ['right to be forgotten', 'guides/erase-by-key'],
  ['delete old fees', 'guides/forget-what-is-settled'],
  ['cash drawer', 'guides/till-sessions'],
  ['end of day cash count', 'guides/close-the-till'],
  ['student information system', 'guides/transfer-to-a-bursar'],
  ['VAT', 'guides/value-added-tax'],
  ['write off old debts', 'guides/aged-debt'],
  ['double-entry ledger', 'guides/journal'],
  ['month end closing', 'guides/close-a-month'],
  ['tamper', 'guides/seals'],
  ['translate', 'guides/words-in-other-languages'],
  ['self-check machine', 'guides/serve-sip2-terminals'],
  ['migrate from Koha', 'guides/move-from-koha'],
  ['kafka', 'guides/hand-events-to-a-queue'],
  ['snapshot', 'concepts/history'],
  ['metrics and traces', 'guides/watch-a-service'],
  ['rounding', 'concepts/money'],
  ['python', 'guides/use-other-languages'],
  ['database transaction', 'guides/one-transaction'],
  ['receipt number', 'guides/numbered-receipts'],
  ['optimistic concurrency', 'guides/keep-events-in-your-own-store'],
  ['error codes', 'reference/error-codes'],
  ['email', 'guides/send-notices'],
  ['notification', 'guides/send-notices'],
  ['notify a patron', 'guides/send-notices'],
  ['cancel a fee', 'guides/undo-mistakes'],
  ['Banner', 'guides/transfer-to-a-bursar'],
];

/** What else people call it: the page is among the first three. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  'guides/undo-mistakes': ['void transaction', 'cheque bounced'],
  'guides/waive-fees': ['deceased patron', 'waiver'],
  'guides/show-fees-to-people': ['expired membership', 'mobile app', 'borrowing privileges'],
  'guides/charge-overdue-fines': [
    'time zone',
    'patron types',
    'late fee',
    'daily fine',
    'maximum fine',
    'fine cap',
  ],
  'guides/watch-a-service': ['logging'],
  'guides/keep-events-in-postgres': ['multi tenant', 'read only replica'],
  'concepts/performance': ['benchmark', 'how fast is it'],
  'guides/take-payments-online': [
    'sandbox',
    'credit card',
    'Stripe',
    'PayPal',
    'Adyen',
    'direct debit',
    'SEPA',
  ],
  'guides/journal': ['QuickBooks', 'general ledger', 'profit and loss', 'hledger'],
  'guides/send-notices': ['unsubscribe'],
  'guides/audit-trail': ['who waived', 'auditor'],
  'guides/aged-debt': ['write off'],
  'guides/transfer-to-a-bursar': ['collection agency', 'debt collection', 'invoice', 'student'],
  'guides/charge-and-take-payments': ['damaged book'],
  'guides/lost-items': ['replacement cost', 'processing fee'],
  'guides/value-added-tax': ['sales tax'],
  'guides/patron-statements': ['statement of account'],
  'guides/numbered-receipts': ['print a receipt'],
  'guides/till-sessions': ['safe deposit'],
  'guides/check-the-bank-statement': ['bank reconciliation', 'camt.053'],
  'guides/seals': ['fraud', 'backup and restore'],
  'guides/move-from-one-store-to-another': ['disaster recovery'],
  'guides/erase-by-key': ['encrypt names'],
  'guides/forget-what-is-settled': ['anonymise', 'retention period', 'purge'],
  'guides/accrue-fines-nightly': ['cron job'],
  'guides/share-a-job': ['several servers'],
  'guides/hand-events-to-a-queue': ['RabbitMQ', 'outbox'],
  'guides/run-a-projection': ['read model'],
  'concepts/data-flow': ['CQRS', 'event sourcing'],
  'concepts/history': ['replay events', 'time travel'],
  'guides/evolve-event-shapes': ['schema migration'],
  'concepts/events': ['TypeScript types'],
  'concepts/money': ['floating point', 'Japanese yen', 'currency'],
  'concepts/idempotency': ['double click', 'retry', 'duplicate payment'],
  'guides/credits-and-refunds': ['overpayment', 'store credit', 'deposit'],
  'concepts/credits-and-purposes': ['goodwill'],
  'guides/disputes': ['appeal', 'contested fee'],
  'guides/who-may': ['approve a waiver', 'four eyes', 'spending limit'],
  'guides/words-in-other-languages': ['German', 'French'],
  'guides/test-your-own-policy': ['property-based testing', 'fuzzing'],
  'guides/explore-your-policy': ['model checking'],
  'guides/serve-alma-clients': ['mock server', 'Ex Libris'],
  'guides/serve-sip2-terminals': ['kiosk'],
  'guides/command-line': ['command line', 'Docker', 'CSV'],
  'concepts/requirements': ['bundle size', 'browser'],
  'guides/households': ['guardian', 'parents'],
  'guides/merge-two-accounts': ['merge patrons'],
  'guides/import-opening-balances': ['opening balance', 'spreadsheet', 'Aleph', 'Sierra'],
  'reference/error-codes': ['exception codes'],
};

/** Names that a programmer types, whole or begun. */
const names: readonly (readonly [typed: string, address: string])[] = [
  ['ReceivePayment', 'api/patron-fees/types/ReceivePayment'],
  ['receivepay', 'api/patron-fees/types/ReceivePayment'],
  ['decide', 'api/patron-fees/decide'],
  ['finesAndFees', 'api/patron-fees/views/finesAndFees'],
  ['runBursarExport', 'api/patron-fees/bursar/runBursarExport'],
];

describe('the search', () => {
  it.each(questions)('finds the page for "%s" first: %s', (question, address) => {
    expect(find(question)[0]?.url).toBe(`${address}.html`);
  });

  const asked = Object.entries(otherWords).flatMap(([address, texts]) =>
    texts.map((text) => [text, address] as const),
  );

  it.each(asked)('has the page for "%s" among the first three: %s', (text, address) => {
    const found = find(text).slice(0, 3);
    expect(found.map(({ url }) => url)).toContain(`${address}.html`);
  });

  it.each(names)('finds what is named by "%s" first: %s', (typed, address) => {
    expect(find(typed)[0]?.url).toBe(`${address}.html`);
  });

  it('finds nothing for words that no page has, and for no words', () => {
    expect([find('xylophone'), find(''), find('?')]).toEqual([[], [], []]);
  });

  it('reads comments: a page of the API that has the words of its docstring only', () => {
    expect(
      find('settled by set-off')
        .map(({ url }) => url)
        .join(),
    ).toContain('api/patron-fees/');
  });

  it('shows the first sentence of a page below its name', () => {
    expect(find('forgive a fine')[0]?.about).toBe('ask decides commands for the current account.');
    expect(find('ReceivePayment')[0]?.about).toMatch(/^[A-Z].{10,110}[.…]$/);
  });

  it('has every page in its index, which stays small', () => {
    expect(index.pages.length).toBeGreaterThan(1000);
    expect(new Set(index.pages.map(({ url }) => url)).size).toBe(index.pages.length);
    // Loaded when the search is first opened: it grows with the pages, by as much as a sentence for each.
    expect(statSync(join(assets, 'search-index.js')).size / index.pages.length).toBeLessThan(350);
    // Loaded by every page.
    expect(statSync(join(assets, 'search.js')).size).toBeLessThan(40_000);
  });
});
