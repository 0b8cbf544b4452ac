import { type AccountEvent, definePolicy, fold, owed, unused } from '../../../src/index.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { kohaAccounts } from '../../../src/interop/koha/kohaAccounts.js';
import { listOf } from '../import/importLaws.js';

export const policy = definePolicy({ currency: 'USD' });

const noon = '2026-03-02 12:00:00';

/** A row of accountlines; debits by default. */
export function line(id: number, type: string, amount: string, outstanding: string, fields: object = {}) {
  const code = amount.startsWith('-') ? { credit_type_code: type } : { debit_type_code: type };
  const row = { accountlines_id: id, borrowernumber: 51, branchcode: 'CPL', date: noon, timestamp: noon };
  return { ...row, ...code, amount, amountoutstanding: outstanding, ...fields };
}

/** A row of account_offsets. */
export function offset(
  id: number,
  type: string,
  credit: number | null,
  debit: number | null,
  amount: string,
  created_on = noon,
) {
  return { id, credit_id: credit, debit_id: debit, type, amount, created_on };
}

/** Imports the rows of one patron. */
export async function kohaImport(accountlines: unknown[], account_offsets: unknown[] = [], options = {}) {
  const [account] = await listOf(kohaAccounts({ accountlines, account_offsets }, { policy, ...options }));
  if (account === undefined) throw new Error('no account');
  const { events, findings } = importEvents(account);
  const state = fold(events);
  return {
    account,
    all: events,
    steps: events.map(({ type, data }: AccountEvent) =>
      `${type} ${'amount' in data ? data.amount : ''}`.trim(),
    ),
    findings: findings.map(({ code, table, rowId, field }) => `${code} ${table} ${rowId} ${field}`.trim()),
    owed: Object.fromEntries(state.fees.map((fee) => [fee.feeId, owed(fee)])),
    unused: Object.fromEntries(state.credits.map((credit) => [credit.creditId, unused(credit)])),
  };
}
