import { describe, expect, it } from 'vitest';
import type { JournalTotals } from '../../../src/books/journal/journalTotals.js';
import { type AccountEvent, definePolicy } from '../../../src/index.js';
import type { JobOptions } from '../../../src/job/job.js';
import { checkedJournalForm, type JournalForm, journalText } from '../../../src/jobs/reports/journalText.js';
import { assessed, errorOf, paid } from '../../support/events.js';
import { slowStore, storeWith, tickingStore } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });

const form: JournalForm = { institution: 'north', format: 'hledger', timeZone: 'UTC', postedBy: 'at' };

async function storeOf(accounts: Readonly<Record<string, readonly AccountEvent[]>>, institution = 'north') {
  const store = tickingStore();
  for (const [patronId, events] of Object.entries(accounts)) {
    await store.append({ institution, patronId }, events, { expectedVersion: 0 });
  }
  return store;
}

async function taken(
  text: AsyncGenerator<string, JournalTotals, undefined>,
): Promise<{ readonly text: string; readonly totals: JournalTotals }> {
  let whole = '';
  for (;;) {
    const { done, value } = await text.next();
    if (done === true) return { text: whole, totals: value };
    whole += value;
  }
}

const headings = (text: string) => [...new Set(text.match(/^\d.*$/gm))];

describe('the text of a journal', () => {
  it('has the accounts one after the other, each in stream order', async () => {
    const store = await storeOf({
      p1: [assessed('f1', '1.00', { at: '2026-03-05T09:00:00Z' }), paid('x1', 'f1', '1.00')],
      p2: [assessed('f1', '2', { currency: 'JPY', at: '2026-03-01T09:00:00Z' })],
    });
    const { text, totals } = await taken(journalText(slowStore(store), policy, form));
    expect(headings(text)).toEqual([
      '2026-03-05 p1 | FeeAssessed',
      '2026-03-02 p1 | PaymentReceived',
      '2026-03-01 p2 | FeeAssessed',
      '2026-03-05 Balance',
    ]);
    expect(text.match(/^commodity.*$/gm)).toEqual(['commodity 1000.00 USD', 'commodity 1000. JPY']);
    expect(totals).toMatchObject({ accounts: 2, entries: 3, findings: { count: 0 } });
  });

  it('covers one institution', async () => {
    const store = await storeOf({ p1: [assessed('f1', '1.00')] }, 'south');
    const { text, totals } = await taken(journalText(store, policy, form));
    expect(text).toBe('; Journal of north\n\ndecimal-mark .\n');
    expect(totals).toEqual({
      job: totals.job,
      recordedBefore: totals.recordedBefore,
      accounts: 0,
      findings: { count: 0, byCode: {}, first: [] },
      entries: 0,
      opening: [],
      balances: [],
    });
  });

  it('is in the chosen format, and without balances if the form says so', async () => {
    const store = await storeOf({ p1: [assessed('f1', '1.00')] });
    const { text } = await taken(
      journalText(store, policy, { ...form, format: 'beancount', assertBalances: false }),
    );
    expect(headings(text)).toEqual([
      '2026-03-02 * "p1" "FeeAssessed"',
      '2026-03-02 open Assets:Receivable:MAIN',
      '2026-03-02 open Income:Revenue:MAIN:OTHER',
    ]);
  });

  it('omits an unreadable account completely, and continues', async () => {
    const store = await storeOf({
      p1: [assessed('f1', '1.00'), paid('x1', 'f1', '99.00')],
      p2: [assessed('f1', '2.00')],
      p3: [assessed('f1', '3.00', { at: '0001-01-01T09:00:00Z' })],
    });
    const { text, totals } = await taken(journalText(store, policy, form));
    expect(headings(text)).toEqual(['2026-03-02 p2 | FeeAssessed', '2026-03-02 Balance']);
    expect(totals).toMatchObject({ accounts: 3, findings: { count: 2 }, entries: 1 });
    expect(totals.findings.first).toMatchObject([
      { patronId: 'p1', code: 'CORRUPT_HISTORY' },
      { patronId: 'p3', code: 'INVALID_EVENT' },
    ]);
  });

  it('ends with the error of the store', async () => {
    const store = storeWith(await storeOf({ p1: [assessed('f1', '1.00')] }), {
      read: async () => {
        throw new Error('disk gone');
      },
    });
    await expect(taken(journalText(store, policy, form))).rejects.toThrow('disk gone');
  });

  it('reports its progress, and stops on a signal', async () => {
    const store = await storeOf({ p1: [assessed('f1', '1.00')], p2: [assessed('f1', '2.00')] });
    const done: (number | null)[] = [];
    const options: JobOptions = {
      total: 2,
      onProgress: (progress) => done.push(progress.done, progress.total),
    };
    await taken(journalText(store, policy, form, options));
    expect(done.slice(-2)).toEqual([2, 2]);
    const signal = AbortSignal.abort(new Error('closing time'));
    await expect(taken(journalText(store, policy, form, { signal }))).rejects.toThrow('closing time');
  });

  it('is refused for an invalid form before anything is read', async () => {
    const store = storeWith(tickingStore(), {
      accounts: async () => {
        throw new Error('read');
      },
    });
    const bad = { ...form, timeZone: 'Mars' };
    expect(() => journalText(store, policy, bad)).toThrow('INVALID_ARGUMENT: form.timeZone');
  });
});

describe('journalForm', () => {
  const form: JournalForm = { institution: 'north', format: 'hledger', timeZone: 'Europe/Vienna' };

  describe('the form of an exported journal', () => {
    it('checks balances by default', () => {
      expect(checkedJournalForm(form)).toEqual({
        ...form,
        assertBalances: true,
        basis: 'accrual',
        lostItems: 'gross',
        postedBy: 'recordedAt',
        opening: 'balances',
        entries: 'each',
        chart: [],
      });
      expect(checkedJournalForm({ ...form, assertBalances: false }).assertBalances).toBe(false);
    });

    it('is refused with every fault and its path', () => {
      const bad = {
        institution: '',
        format: 'ledger',
        timeZone: 'Mars/Olympus',
        assertBalances: 1,
        extra: 1,
      };
      const { code, details } = errorOf(() => checkedJournalForm(bad as unknown as JournalForm));
      expect(code).toBe('INVALID_ARGUMENT');
      expect((details.faults as { path: string }[]).map(({ path }) => path).sort()).toEqual([
        'form.assertBalances',
        'form.extra',
        'form.format',
        'form.institution',
        'form.timeZone',
      ]);
    });

    it('is refused with an object in place of the format', () => {
      for (const format of [{ toString: null }, Object.create(null), Symbol('csv'), ['csv']]) {
        const { code, details } = errorOf(() => checkedJournalForm({ ...form, format } as never));
        expect([code, (details.faults as { path: string }[])[0]?.path]).toEqual([
          'INVALID_ARGUMENT',
          'form.format',
        ]);
      }
    });

    it('is refused if it is not a form', () => {
      for (const bad of [undefined, null, 'hledger', 1, [], () => form]) {
        expect(errorOf(() => checkedJournalForm(bad as unknown as JournalForm)).code).toBe(
          'INVALID_ARGUMENT',
        );
      }
    });
  });
});
