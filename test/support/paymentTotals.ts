import { type Checkpoint, checkpointMoved, type Projection } from '../../src/history/index.js';
import { minorDigits, parseAmount } from '../../src/index.js';
import type { SqliteDatabase } from '../../src/stores/sqlite/index.js';

/** Creates the tables of {@link paymentTotals}. */
export function createPaymentTotals(database: SqliteDatabase): void {
  database.exec('create table taken (institution text primary key, minor_units integer not null)');
  database.exec('create table checkpoint (name text primary key, cursor text not null)');
}

/** Returns the projection of docs/guides/run-a-projection.md: the payments of each institution, in a table. */
export function paymentTotals(database: SqliteDatabase): { projection: Projection; checkpoint: Checkpoint } {
  const inTransaction = (task: () => void) => {
    database.exec('begin immediate');
    try {
      task();
      database.exec('commit');
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };
  const move = (cursor: string, previous: string | undefined) =>
    previous === undefined
      ? database.prepare("insert or ignore into checkpoint values ('taken', ?)").run(cursor)
      : database
          .prepare("update checkpoint set cursor = ? where name = 'taken' and cursor = ?")
          .run(cursor, previous);
  return {
    projection: {
      reset: () =>
        inTransaction(() => {
          database.exec("delete from taken; delete from checkpoint where name = 'taken'");
        }),
      apply: (events, cursor, previous) =>
        inTransaction(() => {
          if ((move(cursor, previous) as { changes: number }).changes === 0) throw checkpointMoved(previous);
          for (const { institution, event } of events) {
            if (event.type !== 'PaymentReceived') continue;
            const minorUnits = parseAmount(event.data.amount, minorDigits(event.data.currency) ?? 2);
            database
              .prepare(
                `insert into taken values (?, ?)
                 on conflict do update set minor_units = minor_units + excluded.minor_units`,
              )
              .run(institution, minorUnits);
          }
        }),
    },
    checkpoint: {
      load: async () => {
        const row = database.prepare("select cursor from checkpoint where name = 'taken'").get();
        return (row as { cursor: string } | undefined)?.cursor;
      },
      save: async () => undefined,
    },
  };
}
