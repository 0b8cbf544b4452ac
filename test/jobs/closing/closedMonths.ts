import { type CloseMonthForm, closeMonth, verifyMonthFiles } from 'patron-fees/closing';
import { execute } from 'patron-fees/history';
import { after, type Books, emptyBooks, institution, policy, timeZone } from '../../seals/sealedBooks.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

export const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '5', owner: 'MAIN' } as const;

/** Books with a fee, and a folder for the files of their months. */
export async function filled() {
  const books = emptyBooks();
  const patron = { institution, patronId: 'p' };
  await execute(books.stores.accounts, policy, patron, { ...fee, id: 'f', at: books.clock.now });
  return { ...books, files: temporaryFolder() };
}

export type Closing = Books & { readonly files: string };

/** Closes a month. */
export async function close({ stores, clock, folder, files }: Closing, month: string, form: object = {}) {
  const whole = { institution, month, timeZone, at: after(month), format: 'csv', ...form } as CloseMonthForm;
  clock.now = whole.at;
  return await closeMonth(stores, policy, whole, { folder, files });
}

/** Verifies the files: how many are as they were written, and the others. */
export const verified = async ({ stores, files }: Pick<Closing, 'stores' | 'files'>) => {
  const report = await verifyMonthFiles(stores.office, { institution, folder: files });
  return [report.files, ...report.findings.first.map(({ code, name, seal }) => `${code} ${name} ${seal}`)];
};

export const january = [
  'aged-debt-2026-01-USD.csv',
  'journal-2026-01.csv',
  'payments-2026-01-USD.csv',
  'till-2026-01-USD.csv',
];
