import { type AccountEvent, balancesInMinorUnits, definePolicy, fold, owed } from '../../../src/index.js';
import { folioAccounts } from '../../../src/interop/folio/folioAccounts.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { listOf } from '../import/importLaws.js';

export const policy = definePolicy({ currency: 'USD' });

const at = '2026-03-02T09:00:00.000+00:00';

/** An account of 10.00; with what remains. */
export function account(id: string, remaining: number, fields: object = {}) {
  const metadata = { createdDate: at, updatedDate: at };
  return {
    id,
    userId: 'u1',
    amount: 10,
    remaining,
    feeFineType: 'Overdue fine',
    feeFineOwner: 'Main',
    metadata,
    ...fields,
  };
}

/** A line of an account, a number of minutes after the charge. */
export function action(
  id: string,
  accountId: string,
  minute: number,
  typeAction: string,
  amount: number,
  fields: object = {},
) {
  const dateAction = new Date(Date.parse(at) + minute * 60_000).toISOString();
  return {
    id,
    accountId,
    userId: 'u1',
    dateAction,
    typeAction,
    amountAction: amount,
    source: 'Doe, Jane',
    ...fields,
  };
}

/** Imports the records of one patron. */
export async function folioImport(accounts: unknown[], feefineactions: unknown[] = [], options = {}) {
  const [foreign] = await listOf(folioAccounts({ accounts, feefineactions }, { policy, ...options }));
  if (foreign === undefined) throw new Error('no account');
  const { events, findings } = importEvents(foreign);
  const state = fold(events);
  return {
    all: events,
    steps: events.map(({ type, data }: AccountEvent) =>
      `${type} ${'amount' in data ? data.amount : ''}`.trim(),
    ),
    findings: findings.map(({ code, table, rowId, field }) => `${code} ${table} ${rowId} ${field}`.trim()),
    owed: Object.fromEntries(state.fees.map((fee) => [fee.feeId, owed(fee)])),
    active: balancesInMinorUnits(state).active,
  };
}
