import type { StoreRow } from '../../history/codec.js';
import type { TillIndex } from '../../jobs/reports/runPaymentsReport.js';
import { storedInstant } from '../readModels/accountColumns.js';
import { assertComplete } from '../readModels/findAccountsForm.js';
import { assertQueryable, type Queryable } from './queryable.js';
import { stateOf } from './tableState.js';

const PAGE_SIZE = 1_000;

/** The table does not have all movements of an account that cannot be read, or is parked. */
export const FAULTY = `
  select '=' || patron_id as patron_id from patron_fees_accounts where institution = $1 and fault is not null`;

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
 * import { PGlite } from '@electric-sql/pglite';
 * import { definePolicy } from 'patron-fees';
 * import { runPaymentsReport } from 'patron-fees/reports';
 * import { inlineAccounts, migrate, postgresEventStore, rebuildAccounts, tillIndex } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * const store = postgresEventStore(database, { inline: [inlineAccounts] });
 * await rebuildAccounts(database);
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
 * const policy = definePolicy({ currency: 'USD' });
 * (await runPaymentsReport(store, policy, form, { till: tillIndex(database) })).total.net; //=> '0.00'
 * ```
 */
export function tillIndex(database: Queryable): TillIndex {
  assertQueryable(database);
  return {
    accounts: async function* (institution, { from, before, by }) {
      assertComplete(await stateOf(database));
      const faulty = (await database.query(FAULTY, [institution])).rows as readonly StoreRow[];
      const seen = new Set(faulty.map(({ patron_id }) => String(patron_id).slice(1)));
      for (const patronId of seen) yield { institution, patronId };
      let last: readonly [time: string, patronId: string] = [storedInstant(from), ''];
      for (;;) {
        const { rows } = await database.query(tillStatement(by), [
          institution,
          storedInstant(before),
          ...last,
        ]);
        for (const { patron_id } of rows as readonly StoreRow[]) {
          const patronId = String(patron_id).slice(1);
          if (seen.has(patronId)) continue;
          seen.add(patronId);
          yield { institution, patronId };
        }
        const end = rows.at(-1) as StoreRow | undefined;
        if (end === undefined) return;
        last = [String(end.time), String(end.patron_id).slice(1)];
      }
    },
  };
}

/** Returns the statement for a page of movements after a time and a patron. */
export function tillStatement(by: 'at' | 'recordedAt'): string {
  const time = by === 'at' ? 'at' : 'recorded_at';
  return `
    select ${time}::text as time, '=' || patron_id as patron_id from patron_fees_till
    where institution = $1 and ${time} < $2 and ${time} >= $3::timestamptz and (${time}, patron_id) > ($3::timestamptz, $4)
    group by patron_fees_till.${time}, patron_fees_till.patron_id
    order by patron_fees_till.${time}, patron_fees_till.patron_id limit ${PAGE_SIZE}`;
}
