import { type AccountEvent, definePolicy, fold, owed, unused } from '../../../src/index.js';
import { type EvergreenTables, evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { listOf } from '../import/importLaws.js';

export const policy = definePolicy({ currency: 'USD' });

const at = (minute: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + minute * 60_000).toISOString();

/** A transaction of the patron 79. */
export const xact = { id: 5, usr: 79, xact_start: at(0), owner: 'BR1' };

export function billing(id: number, minute: number, amount: string, fields: object = {}) {
  const row = {
    id,
    xact: 5,
    usr: 79,
    billing_ts: at(minute),
    amount,
    btype: 3,
    voided: 'f',
    billing_type: 'Lost Materials',
  };
  return { ...row, ...fields };
}

export const overdue = { btype: 1, billing_type: 'Overdue materials' };

export const voidedAt = (minute: number) => ({ voided: true, voider: 7, void_time: at(minute) });

export function payment(id: number, minute: number, amount: string, type: string, fields: object = {}) {
  return {
    id,
    xact: 5,
    usr: 79,
    payment_ts: at(minute),
    amount,
    voided: 'f',
    payment_type: `${type}_payment`,
    ...fields,
  };
}

/** Imports the rows of one patron. */
export async function evergreenImport(
  tables: Partial<Record<keyof EvergreenTables, unknown[]>>,
  options = {},
) {
  const all = { billable_xact: [xact], billing: [], payment: [], ...tables };
  const accounts = await listOf(evergreenAccounts(all, { policy, ...options }));
  const [foreign] = accounts;
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
    unused: Object.fromEntries(state.credits.map((credit) => [credit.creditId, unused(credit)])),
  };
}
