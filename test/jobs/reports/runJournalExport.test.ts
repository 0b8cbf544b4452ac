import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journal } from '../../../src/books/journal/journal.js';
import type { JournalTotals } from '../../../src/books/journal/journalTotals.js';
import { projectedLedger } from '../../../src/books/journal/journalViolations.js';
import { addLedger, type Ledger, ledgerAccountName } from '../../../src/books/journal/ledgerAccount.js';
import { plainText } from '../../../src/books/journal/ledgerText.js';
import {
  type AccountEvent,
  balancesInMinorUnits,
  definePolicy,
  fold,
  formatAmount,
  minorDigits,
} from '../../../src/index.js';
import type { JobOptions } from '../../../src/job/job.js';
import {
  checkedJournalForm,
  type JournalForm,
  journalFormats,
  journalText,
  runJournalExport,
} from '../../../src/jobs/reports/runJournalExport.js';
import { assessed, errorOf, event, paid } from '../../support/events.js';
import { beanCheck, hledger, hledgerBalances } from '../../support/ledgerPrograms.js';
import { itWith, programPath } from '../../support/programs.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { tried } from '../../support/seeded.js';
import { slowStore, storeWith, tickingStore } from '../../support/stores.js';

describe('journalText', () => {
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
});

describe('runJournalExport', () => {
  const policy = definePolicy({ currency: 'USD' });
  const { numRuns } = tried(500);
  // The first ones are the same in every run, so that they may be expected to use every ledger account.
  const accounts = [
    ...randomAccounts(200, 1),
    ...randomAccounts(numRuns).map(({ patronId, events }) => ({ patronId: `r${patronId}`, events })),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  const pathOf = (format: string) => join(folder, `fees.${format}`);
  const totals: Record<string, JournalTotals> = {};
  let inHledger: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const store = tickingStore();
    for (const { patronId, events } of accounts) {
      await store.append({ institution: 'north', patronId }, events, { expectedVersion: 0 });
    }
    for (const format of journalFormats) {
      const form = { institution: 'north', format, timeZone: 'Europe/Vienna' };
      totals[format] = await runJournalExport(store, policy, form, { file: pathOf(format) });
    }
    if (programPath('hledger')) inHledger = hledgerBalances(pathOf('hledger'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** The expected figures of our accounts: by ledger account, money in total, and the balances, as `account currency`. */
  function expected() {
    const ledgers = new Map<string, Ledger<bigint>>();
    const sums = new Map<string, bigint>();
    const add = (name: string, minor: number) => sums.set(name, (sums.get(name) ?? 0n) + BigInt(minor));
    for (const { events } of accounts) {
      const account = fold(events);
      const currency = account.currency as string;
      const ledger = ledgers.get(currency) ?? new Map();
      ledgers.set(currency, ledger);
      addLedger(ledger, projectedLedger(account));
      const { active, disputed, transferred } = balancesInMinorUnits(account);
      add(`owed ${currency}`, active + disputed);
      add(`transferred ${currency}`, transferred);
    }
    const lines = [...ledgers].flatMap(([currency, ledger]) =>
      [...ledger.values()].map(({ account, amount }): [string, bigint] => {
        const name = account[0] === 'cash' ? 'Assets:Cash' : ledgerAccountName(account);
        return [`${name} ${currency}`, amount];
      }),
    );
    return { lines: written(lines), sums: written([...sums]) };
  }

  function written(lines: readonly (readonly [string, bigint])[]) {
    const nonzero = lines.filter(([, minor]) => minor !== 0n);
    return Object.fromEntries(
      nonzero.map(([name, minor]) => [name, formatAmount(minor, minorDigits(name.slice(-3)) as number)]),
    );
  }

  /** Sums the figures of hledger over the names below its own prefix. */
  function summed(under: (account: string) => string | null) {
    const sums = new Map<string, bigint>();
    for (const [line, amount] of inHledger) {
      const name = under(line.slice(0, -4));
      if (name === null) continue;
      const key = `${name}${line.slice(-4)}`;
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(amount.replace('.', '')));
    }
    return written([...sums]);
  }

  /** The same journal with one line changed. */
  function broken(format: string, line: RegExp, change: (found: string) => string): string {
    const text = readFileSync(pathOf(format), 'utf8');
    const matches = [...text.matchAll(line)];
    const { 0: found, index } = matches[Math.floor(matches.length / 2)] as RegExpExecArray;
    const path = pathOf(`broken.${format}`);
    writeFileSync(path, text.slice(0, index) + change(found) + text.slice(index + found.length));
    return path;
  }

  /** Changes the last digit of amounts. */
  function oneMore(text: string): string {
    return text.replaceAll(/(?<!~ )\d(?= (?:~ 0 )?[A-Z]{3})/g, (digit) => String((Number(digit) + 1) % 10));
  }

  describe('hundreds of random accounts', () => {
    it('use three kinds of currencies and every ledger account', () => {
      const kinds = totals.hledger?.balances.map(({ account, currency }) => `${account[0]} ${currency}`);
      for (const currency of ['USD', 'JPY', 'KWD']) {
        expect(kinds).toEqual(expect.arrayContaining([`receivable ${currency}`, `revenue ${currency}`]));
      }
      expect(new Set(totals.hledger?.balances.map(({ account }) => account[0])).size).toBe(14);
      expect(totals.hledger).toMatchObject({ accounts: accounts.length, findings: { count: 0 } });
      expect(totals.beancount).toEqual(totals.hledger);
    });

    itWith(
      ['hledger'],
      'are a journal in which hledger finds nothing to complain of, accounts and currencies declared',
      () => {
        expect(hledger(pathOf('hledger'), 'check', '--strict')).toEqual({ ok: true, output: '' });
      },
    );

    itWith(['hledger'], 'are in the order of days once hledger has printed them', () => {
      const path = pathOf('sorted.hledger');
      const text = readFileSync(pathOf('hledger'), 'utf8');
      const declarations = text.match(/^(decimal-mark|commodity|account) .*$/gm) ?? [];
      const printed = hledger(pathOf('hledger'), 'print');
      expect(printed.ok).toBe(true);
      writeFileSync(path, `${declarations.join('\n')}\n${printed.output}`);
      expect(hledger(path, 'check', '--strict', 'ordereddates')).toEqual({ ok: true, output: '' });
    });

    itWith(['hledger'], 'have in hledger the balances that they have here, to the last unit', () => {
      const { lines, sums } = expected();
      const underHeading = (account: string) =>
        account.startsWith('Assets:Cash:') ? 'Assets:Cash' : account;
      expect(summed(underHeading)).toEqual(lines);
      const asBalance = (account: string) =>
        /^(Assets:Receivable|Liabilities:Credits):/.test(account)
          ? 'owed'
          : /^Assets:Transferred(Unnamed|:)/.test(account)
            ? 'transferred'
            : null;
      expect(summed(asBalance)).toEqual(sums);
    });

    itWith(['hledger'], 'have in hledger the balances that the export reported', () => {
      const reported = totals.hledger?.balances.map(({ name, currency, amount }) => [
        `${name} ${currency}`,
        amount,
      ]);
      const nonzero = (lines: Iterable<readonly [string, string]>) =>
        Object.fromEntries([...lines].filter(([, amount]) => /[1-9]/.test(amount)));
      expect(nonzero(inHledger)).toEqual(nonzero(reported as [string, string][]));
    });

    itWith(
      ['bean-check'],
      'are a journal in which beancount finds nothing to complain of, the balances included',
      () => {
        expect(beanCheck(pathOf('beancount'))).toEqual({ ok: true, output: '' });
      },
    );

    itWith(['bean-check'], 'have in beancount the balances that they have here, to the last unit', () => {
      const { lines } = expected();
      const withoutOwn = readFileSync(pathOf('beancount'), 'utf8').replaceAll(/^\S+ balance .*\n/gm, '');
      const directives = Object.entries(lines).map(([line, amount]) => {
        // The total of an account and its children, so that money can be queried as a whole.
        const [account, currency] = line.split(' ');
        return `9998-01-01 balance ${account}  ${amount} ~ 0 ${currency}\n`;
      });
      const path = pathOf('asked.beancount');
      // A parent must be open to be queried.
      writeFileSync(path, `${withoutOwn}1000-01-01 open Assets:Cash\n${directives.join('')}`);
      expect(beanCheck(path)).toEqual({ ok: true, output: '' });
      const [first = ''] = directives;
      writeFileSync(path, `${withoutOwn}1000-01-01 open Assets:Cash\n${oneMore(first)}`);
      expect(beanCheck(path).output).toContain('Balance failed');
    });

    itWith(['hledger'], 'can be found by the id of the patron, whatever it looks like', () => {
      const strange = accounts.filter(({ patronId }) => /^p\d+(a,tag:x|line)/.test(patronId)).slice(0, 2);
      expect(strange).toHaveLength(2);
      for (const { patronId, events } of strange) {
        const posted = [...journal(events)].filter(({ postings }) => postings.length > 0).length;
        const pattern = plainText(patronId).replaceAll('.', '\\.');
        const found = hledger(pathOf('hledger'), 'print', `tag:patron=^${pattern}$`);
        expect(found.output.match(/^\d/gm)).toHaveLength(posted);
        const reported = readFileSync(pathOf('beancount'), 'utf8').split(
          `  patron: "${plainText(patronId)}"\n`,
        );
        expect(reported).toHaveLength(posted + 1);
      }
    });
  });

  describe('a wrong journal is detected', () => {
    const posting = /^ {2,4}Assets:Receivable\S+ {2}-?[\d.]+ [A-Z]{3}/gm;

    itWith(['hledger'], 'by hledger, where one posting has another amount', () => {
      const { ok, output } = hledger(broken('hledger', posting, oneMore), 'check', '--strict');
      expect(ok).toBe(false);
      expect(output).toContain('unbalanced');
    });

    itWith(['bean-check'], 'by beancount, where one posting has another amount', () => {
      const { ok, output } = beanCheck(broken('beancount', posting, oneMore));
      expect(ok).toBe(false);
      expect(output).toContain('does not balance');
    });

    itWith(['hledger', 'bean-check'], 'by both, where an entry is missing: the balances say so', () => {
      const entry = (head: string) => new RegExp(`^\\d{4}-\\S+ ${head}FeeAssessed"?\\n(?: +\\S.*\\n)+`, 'gm');
      const hledgerRun = hledger(
        broken('hledger', entry('\\S+ \\| '), () => ''),
        'check',
      );
      expect([hledgerRun.ok, hledgerRun.output.includes('Balance assertion failed')]).toEqual([false, true]);
      const beancountRun = beanCheck(broken('beancount', entry('\\* "\\S*" "'), () => ''));
      expect([beancountRun.ok, beancountRun.output.includes('Balance failed')]).toEqual([false, true]);
    });
  });

  describe('the file', () => {
    it('is the same for every run', async () => {
      const store = tickingStore();
      for (const { patronId, events } of accounts.slice(0, 50)) {
        await store.append({ institution: 'north', patronId }, events, { expectedVersion: 0 });
      }
      const form = { institution: 'north', format: 'hledger', timeZone: 'UTC' } as const;
      await runJournalExport(store, policy, form, { file: pathOf('once'), concurrency: 1 });
      await runJournalExport(store, policy, form, { file: pathOf('again'), concurrency: 30 });
      expect(readFileSync(pathOf('again'), 'utf8')).toBe(readFileSync(pathOf('once'), 'utf8'));
    });

    it('is not created if the job was stopped', async () => {
      const form = { institution: 'north', format: 'hledger', timeZone: 'UTC' } as const;
      const signal = AbortSignal.abort(new Error('closing time'));
      const job = runJournalExport(tickingStore(), policy, form, { file: pathOf('stopped'), signal });
      await expect(job).rejects.toThrow('closing time');
      expect(existsSync(pathOf('stopped'))).toBe(false);
      expect(readdirSync(folder).filter((name) => name.includes('stopped'))).toEqual([]);
    });

    it.each([
      [{}, 'options.file'],
      [{ file: '' }, 'options.file'],
      [{ file: pathOf('never'), fiel: 'x' }, 'options.fiel'],
      [{ file: pathOf('never'), concurrency: 0 }, 'options.concurrency'],
    ])('is refused with unknown or missing options, before anything is read: %j', async (options, path) => {
      const form = { institution: 'north', format: 'hledger', timeZone: 'UTC' } as const;
      const closed = tickingStore();
      await closed.close();
      const run = () => runJournalExport(closed, policy, form, options as never);
      await expect(run()).rejects.toThrow(/^INVALID_ARGUMENT/);
      await expect(run()).rejects.toThrow(path);
      expect(existsSync(pathOf('never'))).toBe(false);
    });
  });

  it('numbers the entries of a CSV file without gaps, with who caused them and when they were recorded', async () => {
    const store = tickingStore();
    const by = (userId: string) => ({ by: { channel: 'desk', userId } as const });
    const paidBy = (userId: string) =>
      event('PaymentReceived', {
        ...{
          paymentId: 'p1',
          amount: '2.00',
          method: 'CASH',
          allocations: [{ feeId: 'f1', amount: '2.00' }],
        },
        ...by(userId),
      });
    const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
    for (const patronId of ['a', 'b']) {
      const events = [assessed('f1', '5.00', by('ana')), disputed, paidBy('b=1')];
      await store.append({ institution: 'north', patronId }, events, { expectedVersion: 0 });
    }
    const file = join(folder, 'numbered.csv');
    await runJournalExport(store, policy, { institution: 'north', format: 'csv', timeZone: 'UTC' }, { file });
    const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\r\n');
    expect(head.endsWith(',entry,user,recordedAt')).toBe(true);
    const last = lines.map((line) => line.split(',').slice(-3));
    expect(last.map(([entry, user]) => `${entry} ${user}`)).toEqual([
      '1 ana',
      '1 ana',
      '2 b%3D1',
      '2 b%3D1',
      '3 ana',
      '3 ana',
      '4 b%3D1',
      '4 b%3D1',
    ]);
    const recorded = (await store.read({ institution: 'north', patronId: 'b' })).events.map(
      (one) => one.recordedAt,
    );
    expect([last[4]?.[2], last[6]?.[2]]).toEqual([recorded[0], recorded[2]]);
  });
});
