import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  inlineAccounts,
  migrate,
  postgresEventStore,
  type Queryable,
} from '../../../src/stores/postgres/index.js';
import { rowsIn, saveRows } from '../../../src/stores/postgres/savedAccounts.js';
import type { Session } from '../../../src/stores/postgres/session.js';
import { assessedFee } from '../../support/assessedFee.js';

let database: PGlite;

beforeAll(async () => {
  database = new PGlite();
  await migrate(database);
});

afterAll(() => database.close());

const account = (patronId: string) => ({ institution: 'north', patronId });
const rows: Session['rows'] = async (text, values = []) =>
  (await database.query(text, values)).rows as Awaited<ReturnType<Session['rows']>>;
const versions = async () =>
  (await database.query('select patron_id, version from patron_fees_accounts order by patron_id')).rows;

it('reads and saves the accounts of a batch by three statements, and never replaces newer rows', async () => {
  const store = postgresEventStore(database);
  const streams = ['p1', 'p2', 'p3'].map(account);
  const append = (feeId: string) =>
    Promise.all(
      streams.map((stream) => store.append(stream, [assessedFee(feeId)], { expectedVersion: 'any' })),
    );
  await append('f1');
  const older = await rowsIn(rows, [...streams, account('none')]);
  expect(older.map(({ account: { version, active } }) => [version, active])).toEqual([
    [1, 250],
    [1, 250],
    [1, 250],
  ]);
  await append('f2');
  let statements = 0;
  const counting: Queryable = {
    query: (text, values) => {
      statements += 1;
      return database.query(text, values);
    },
  };
  const slices = await Promise.all(streams.map((stream) => store.read(stream, { after: 1 })));
  const appends = slices.map(({ events }, index) =>
    events.map((event) => ({ ...event, ...account(`p${index + 1}`) })),
  );
  await inlineAccounts.applyMany?.(appends, counting);
  expect(statements).toBe(3);
  await saveRows(rows, older);
  expect(await versions()).toEqual(['p1', 'p2', 'p3'].map((patron_id) => ({ patron_id, version: 2 })));
});
