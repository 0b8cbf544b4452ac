import type { StoreRow } from '../../history/codec.js';
import type { TillIndex } from '../../jobs/reports/runPaymentsReport.js';
import { storedInstant } from '../readModels/accountColumns.js';
import { assertDatabase, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import { assertUsable } from './tableState.js';

const PAGE_SIZE = 1_000;

/** The table does not have all movements of an account that cannot be read, or is parked. */
export const FAULTY =
  'select patron_id from patron_fees_accounts where institution = ? and fault is not null';

/**
 * Returns the index of a table of accounts by the time of payments and refunds, for
 * {@link reports.runPaymentsReport | runPaymentsReport}: the till of a day then reads the accounts of that day
 * only.
 *
 * @param database - the database with the table, kept inline or by following
 * @returns the index; it rejects with `READ_MODEL_INCOMPLETE` if the table was not built yet
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { definePolicy } from 'patron-fees';
 * import { runPaymentsReport } from 'patron-fees/reports';
 * import { inlineAccounts, migrate, rebuildAccounts, sqliteEventStore, tillIndex } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database, { inline: [inlineAccounts] });
 * await rebuildAccounts(database);
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
 * const policy = definePolicy({ currency: 'USD' });
 * (await runPaymentsReport(store, policy, form, { till: tillIndex(database) })).total.net; //=> '0.00'
 * ```
 */
export function tillIndex(database: SqliteDatabase): TillIndex {
  assertDatabase(database);
  return {
    accounts: async function* (institution, { from, before, by }) {
      withNamedErrors(() => assertUsable(database));
      const page = database.prepare(tillStatement(by));
      const faulty = withNamedErrors(() => database.prepare(FAULTY).all(institution)) as StoreRow[];
      const seen = new Set(faulty.map(({ patron_id }) => String(patron_id)));
      for (const patronId of seen) yield { institution, patronId };
      let last: readonly [time: string, patronId: string] = [storedInstant(from), ''];
      for (;;) {
        const values = [institution, storedInstant(before), last[0], last[0], last[1]];
        const rows = withNamedErrors(() => page.all(...values)) as StoreRow[];
        for (const { patron_id } of rows) {
          const patronId = String(patron_id);
          if (seen.has(patronId)) continue;
          seen.add(patronId);
          yield { institution, patronId };
        }
        const end = rows.at(-1);
        if (end === undefined) return;
        last = [String(end.time), String(end.patron_id)];
      }
    },
  };
}

/** Returns the statement for a page of movements after a time and a patron. */
export function tillStatement(by: 'at' | 'recordedAt'): string {
  const time = by === 'at' ? 'at' : 'recorded_at';
  return `
    select distinct ${time} as time, patron_id from patron_fees_till
    where institution = ? and ${time} < ? and ${time} >= ? and (${time} > ? or patron_id > ?)
    order by ${time}, patron_id limit ${PAGE_SIZE}`;
}
