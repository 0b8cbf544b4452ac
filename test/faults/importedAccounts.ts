import { definePolicy } from '../../src/index.js';
import { kohaAccounts } from '../../src/interop/koha/kohaAccounts.js';

export const policy = definePolicy({ currency: 'USD' });

export const form = { jobId: 'import', institution: 'north' };

/** Rows of Koha for each patron: a fine that grew, and a payment of it that leaves a credit. */
const ROWS = { lines: 2, offsets: 4 };

export const ROWS_PER_PATRON = ROWS.lines + ROWS.offsets;

const date = '2026-03-02 10:00:00';

function* lines(patrons: number): Generator<object> {
  for (let n = 1; n <= patrons; n++) {
    const row = { borrowernumber: n, branchcode: n % 3 === 0 ? 'MPL' : 'CPL', date, timestamp: date };
    const fine = { debit_type_code: 'OVERDUE', status: 'RETURNED', issue_id: n, amount: '1.500000' };
    yield { ...row, accountlines_id: 2 * n, ...fine, amountoutstanding: '0.000000' };
    const payment = { credit_type_code: 'PAYMENT', payment_type: 'CASH', amount: '-2.000000' };
    yield { ...row, accountlines_id: 2 * n + 1, ...payment, amountoutstanding: '-0.500000' };
  }
}

function* offsets(patrons: number): Generator<object> {
  for (let n = 1; n <= patrons; n++) {
    const [debit_id, credit_id, id] = [2 * n, 2 * n + 1, 4 * n];
    const row = { borrowernumber: n, created_on: date };
    yield { ...row, id, debit_id, type: 'CREATE', amount: '1.000000' };
    yield { ...row, id: id + 1, debit_id, type: 'OVERDUE_INCREASE', amount: '0.500000' };
    yield { ...row, id: id + 2, credit_id, type: 'CREATE', amount: '2.000000' };
    yield { ...row, id: id + 3, credit_id, debit_id, type: 'APPLY', amount: '-1.500000' };
  }
}

/** The accounts of a number of patrons, each with one fine paid and a credit of 0.50. */
export function kohaAccountsToImport(patrons = 2_000) {
  return kohaAccounts({ accountlines: lines(patrons), account_offsets: offsets(patrons) }, { policy });
}
