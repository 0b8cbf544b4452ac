import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { csvJournalText } from '../../src/books/journal/ledgerText.js';
import { bursarCsv } from '../../src/bursar/runBursarExport.js';
import { definePolicy } from '../../src/index.js';
import {
  agedDebt,
  agedDebtCsv,
  agedDebtorsCsv,
  paymentsReport,
  paymentsReportCsv,
} from '../../src/jobs/reports/index.js';

const policy = definePolicy({ currency: 'USD' });
const seal = { number: 3, total: '9f86' };
const march = { timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };

async function debtors(): Promise<string> {
  let text = '';
  for await (const piece of agedDebtorsCsv([], {})) text += piece;
  return text;
}

/** The files whose columns are listed by a comment of their source. The pages of the API show it. */
it.each([
  ['books/payments/paymentsReport', () => paymentsReportCsv(paymentsReport([], policy, march), { seal })],
  [
    'books/agedDebt/agedDebt',
    () => agedDebtCsv(agedDebt([], policy, { asOf: '2026-03-31', timeZone: 'UTC' }), { seal }),
  ],
  ['jobs/reports/runAgedDebt', debtors],
  ['bursar/runBursarExport', () => bursarCsv({}).head],
  ['jobs/reports/runJournalExport', () => csvJournalText('3 9f86').beginning('north', 'USD')],
])('the comment of %s lists the columns of its file, in their order', async (source, written) => {
  const code = readFileSync(new URL(`../../src/${source}.ts`, import.meta.url), 'utf8');
  const [, list = ''] = /@columns ([\s\S]*?)\n \*\n/.exec(code) ?? [];
  const columns = [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(columns.join(',')).toBe((await written()).trim());
});
