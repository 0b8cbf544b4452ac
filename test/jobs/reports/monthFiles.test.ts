import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy, formatAmount } from '../../../src/index.js';
import { type JournalForm, runJournalExport } from '../../../src/jobs/reports/index.js';
import { assessed, event, paid } from '../../support/events.js';
import { beanCheck, hledger, hledgerBalances } from '../../support/ledgerPrograms.js';
import { itWith } from '../../support/programs.js';

const policy = definePolicy({ currency: 'USD' });
const folder = mkdtempSync(join(tmpdir(), 'months-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** What is charged in each month, in cents: 100.00 until the end of March, 7.00 in April. */
const charged = [2500, 4000, 3500, 700, 810, 920, 1030, 1140, 0, 1360, 1470, 1580];
/** What is waived: in March, in April and in December. */
const waived = [0, 0, 50, 120, 0, 0, 0, 0, 0, 0, 0, 75];
const months = charged.map((_, index) => `2026-${String(index + 1).padStart(2, '0')}`);
const monthAfter = (month: string) => months[months.indexOf(month) + 1] ?? '2027-01';
const lastDayOf = (month: string) =>
  new Date(Date.parse(`${monthAfter(month)}-01`) - 86_400_000).toISOString().slice(0, 10);
const dollars = (cents: number) => formatAmount(cents, 2);
const until = (amounts: readonly number[], month: string) =>
  amounts.slice(0, months.indexOf(month) + 1).reduce((sum, amount) => sum + amount, 0);

/** A year of a small library: each month a fee, half a dollar of it paid on the last day, and some waivers. */
const store = await (async () => {
  let now = '';
  const year = memoryEventStore({ now: () => now });
  const stream = { institution: 'north', patronId: 'dverma' };
  const append = (day: string, ...events: Parameters<typeof year.append>[1]) => {
    now = `${day}T10:00:00Z`;
    return year.append(stream, events, { expectedVersion: 'any' });
  };
  for (const [index, month] of months.entries()) {
    const [fee = 0, waiver = 0] = [charged[index], waived[index]];
    if (fee === 0) continue;
    await append(`${month}-01`, assessed(`f${month}`, dollars(fee)));
    await append(lastDayOf(month), paid(`p${month}`, `f${month}`, '0.50'));
    if (waiver === 0) continue;
    const waiving = { waiverId: `w${month}`, feeId: `f${month}`, amount: dollars(waiver), reason: 'OTHER' };
    await append(`${month}-15`, event('FeeWaived', waiving));
  }
  return year;
})();

/** Exports a period into a file, and returns its path. */
async function exported(name: string, form: Partial<JournalForm>): Promise<string> {
  const file = join(folder, name);
  const whole = { institution: 'north', format: 'hledger', timeZone: 'UTC', ...form } as const;
  await runJournalExport(store, policy, whole, { file });
  return file;
}

const period = (month: string) => ({ from: `${month}-01`, through: lastDayOf(month) });

/** Exports the twelve months to be read together, and returns the file that includes them. */
async function twelve(format: 'hledger' | 'beancount'): Promise<string> {
  const lines = [];
  for (const month of months) {
    const opening = month === '2026-01' ? 'balances' : 'none';
    const file = await exported(`${month}.together.${format}`, { format, opening, ...period(month) });
    lines.push(format === 'hledger' ? `include ${file}` : `include "${file}"`);
  }
  const path = join(folder, `2026.${format}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Returns the net income of each month as hledger's income statement has it. */
function netIncome(path: string, ...words: readonly string[]): Record<string, string> {
  const { ok, output } = hledger(path, 'incomestatement', '--monthly', '--output-format=csv', ...words);
  expect(ok).toBe(true);
  const lines = output.trim().split('\n');
  const cells = lines.map((line) => JSON.parse(`[${line}]`) as string[]);
  const heads = cells[1] as string[];
  const net = cells.at(-1) as string[];
  expect(net[0]).toBe('Net:');
  return Object.fromEntries(heads.slice(1).map((head, index) => [head, net[index + 1] as string]));
}

const label = (month: string) =>
  new Date(`${month}-01`).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
const resultOf = (month: string) => {
  const index = months.indexOf(month);
  return (charged[index] as number) - (waived[index] as number);
};
const inHledger = (cents: number) => (cents === 0 ? '0' : `${dollars(cents)} USD`);

describe('the file of a month', () => {
  itWith(
    ['hledger'],
    'shows 7.00 charged in April, not the 107.00 since the beginning, in hledger',
    async () => {
      const april = await exported('2026-04.journal', period('2026-04'));
      const words = ['balance', '--flat', '--no-total', 'Income', '--invert'];
      expect(
        hledger(april, ...words, '--period=2026-04')
          .output.trim()
          .split(/\s+/),
      ).toEqual(['7.00', 'USD', 'Income:Revenue:MAIN:OTHER']);
      expect(hledger(april, ...words).output).toBe(hledger(april, ...words, '--period=2026-04').output);
      expect(netIncome(april, '--period=2026-04')).toEqual({ Apr: '5.80 USD' });
      expect(netIncome(april)).toEqual({ Mar: '0', Apr: '5.80 USD' });
    },
  );

  itWith(['hledger'], 'counts no opening balance as a change of the month', async () => {
    const april = await exported('2026-04.journal', period('2026-04'));
    const words = ['balance', '--flat', '--no-total', '--period=2026-04', 'Assets', 'Equity'];
    expect(
      hledger(april, ...words)
        .output.trim()
        .split(/\n +/),
    ).toEqual(['0.50 USD  Assets:Cash:CASH', '5.30 USD  Assets:Receivable:MAIN']);
  });

  itWith(['hledger'], 'ends with the balances of all years', async () => {
    const april = await exported('2026-04.journal', period('2026-04'));
    expect(hledger(april, 'check', '--strict')).toEqual({ ok: true, output: '' });
    expect(Object.fromEntries(hledgerBalances(april))).toEqual({
      'Assets:Cash:CASH USD': '2.00',
      'Assets:Receivable:MAIN USD': '103.30',
      'Equity:RetainedEarnings USD': '-99.50',
      'Expenses:Waivers:MAIN:OTHER USD': '1.20',
      'Income:Revenue:MAIN:OTHER USD': '-7.00',
    });
  });

  itWith(['bean-check'], 'has the figures of the month in beancount', async () => {
    const april = await exported('2026-04.beancount', { format: 'beancount', ...period('2026-04') });
    const asked = readFileSync(april, 'utf8');
    const figures = [
      ['2026-04-01', '0.00', '0.00'],
      ['2026-05-01', '-7.00', '1.20'],
    ].map(
      ([day, revenue, waivers]) =>
        `${day} balance Income:Revenue:MAIN:OTHER ${revenue} ~ 0 USD\n` +
        `${day} balance Expenses:Waivers:MAIN:OTHER ${waivers} ~ 0 USD\n`,
    );
    writeFileSync(april, `${asked}\n${figures.join('')}`);
    expect(beanCheck(april)).toEqual({ ok: true, output: '' });
  });

  it('names the account of earlier income and expense by the chart', async () => {
    const chart = [{ kind: 'retainedEarnings', account: 'Equity:0860-Earlier' }] as const;
    const april = readFileSync(await exported('charted.journal', { chart, ...period('2026-04') }), 'utf8');
    expect(april).toContain(
      [
        '',
        '2026-03-31 Opening balances',
        '    ; document:opening/2026-04-01',
        '    Assets:Cash:CASH  1.50 USD',
        '    Assets:Receivable:MAIN  98.00 USD',
        '    Equity:0860-Earlier  -99.50 USD',
        '',
      ].join('\n'),
    );
  });

  it('closes income accounts named by codes too', async () => {
    const chart = [
      { kind: 'revenue', account: '4300' },
      { kind: 'waivers', account: '4399' },
      { kind: 'retainedEarnings', account: '0860' },
    ] as const;
    const csv = readFileSync(
      await exported('april.csv', { format: 'csv', chart, ...period('2026-04') }),
      'utf8',
    );
    const opening = csv.split('\r\n').filter((line) => line.includes('opening/2026-04-01'));
    expect(opening.map((line) => line.split(',').slice(0, 5).join())).toEqual([
      '2026-03-31,opening/2026-04-01,0860,,99.50',
      '2026-03-31,opening/2026-04-01,Assets:Cash:CASH,1.50,',
      '2026-03-31,opening/2026-04-01,Assets:Receivable:MAIN,98.00,',
    ]);
    const none = await exported('none.csv', { format: 'csv', opening: 'none', ...period('2026-04') });
    expect(readFileSync(none, 'utf8')).not.toContain('opening');
  });
});

describe('the files of twelve months together', () => {
  itWith(
    ['hledger'],
    'have in hledger the figures of each month, and the balances of one file of the year',
    async () => {
      const together = await twelve('hledger');
      const year = await exported('2026.journal', { from: '2026-01-01', through: '2026-12-31' });
      for (const path of [together, year]) {
        expect(hledger(path, 'check', '--strict')).toEqual({ ok: true, output: '' });
        expect(netIncome(path)).toEqual(
          Object.fromEntries(months.map((month) => [label(month), inHledger(resultOf(month))])),
        );
      }
      expect(hledgerBalances(together)).toEqual(hledgerBalances(year));
      expect(hledgerBalances(year).get('Assets:Receivable:MAIN USD')).toBe(
        dollars(until(charged, '2026-12') - until(waived, '2026-12') - 11 * 50),
      );
    },
  );

  itWith(['bean-check'], 'have in beancount the figures of each month', async () => {
    const together = await twelve('beancount');
    const figures = months.flatMap((month) => {
      const day = `${monthAfter(month)}-01`;
      return [
        `${day} balance Income:Revenue:MAIN:OTHER -${dollars(until(charged, month))} ~ 0 USD`,
        `${day} balance Expenses:Waivers:MAIN:OTHER ${dollars(until(waived, month))} ~ 0 USD`,
      ].filter((line) => month >= '2026-03' || !line.includes('Waivers'));
    });
    const asked = join(folder, 'asked.beancount');
    writeFileSync(asked, `include "${together}"\n${figures.join('\n')}\n`);
    expect(beanCheck(asked)).toEqual({ ok: true, output: '' });
    writeFileSync(asked, readFileSync(asked, 'utf8').replace('MAIN:OTHER -107.00', 'MAIN:OTHER -107.01'));
    expect(beanCheck(asked).ok).toBe(false);
  });

  itWith(['bean-check', 'hledger'], 'are refused by the programs with opening balances in each', async () => {
    for (const format of ['hledger', 'beancount'] as const) {
      const files = [];
      for (const month of ['2026-03', '2026-04']) {
        files.push(await exported(`${month}.alone.${format}`, { format, ...period(month) }));
      }
      const path = join(folder, `twice.${format}`);
      const quoted = (file: string) => (format === 'beancount' ? `"${file}"` : file);
      writeFileSync(path, files.map((file) => `include ${quoted(file)}\n`).join(''));
      const { ok } = format === 'hledger' ? hledger(path, 'check') : beanCheck(path);
      expect(ok).toBe(false);
    }
  });
});
