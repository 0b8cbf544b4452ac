import { PGlite } from '@electric-sql/pglite';
import { afterAll, expect, it } from 'vitest';
import { SCAN_SIZE } from '../../../src/stores/accountList.js';
import { migrate } from '../../../src/stores/postgres/index.js';
import { scanAccounts } from '../../../src/stores/postgres/scanAccounts.js';
import { ownSession } from '../../../src/stores/postgres/session.js';

const database = new PGlite();
afterAll(() => database.close());

it('reads the given number of accounts at a time, of all institutions or of one', async () => {
  await migrate(database);
  await database.query(`
    insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
    select 1, institution, 'p' || lpad(n::text, 5, '0'), case n % 1000 when 1 then 2 else 1 end, now(), ''
    from generate_series(1, ${SCAN_SIZE} + 10) as n, (values ('a'), ('b')) as each (institution)`);
  const session = ownSession(database, { namedStatements: false });
  const first = await scanAccounts(session, undefined, undefined);
  expect(first.headless.map(({ patronId }) => patronId)).toEqual([
    'p00001',
    'p01001',
    'p02001',
    'p03001',
    'p04001',
  ]);
  expect(first.last).toEqual({ institution: 'a', patronId: `p0${SCAN_SIZE}` });
  const second = await scanAccounts(session, undefined, first.last);
  expect(second.headless.map(({ institution }) => institution)).toEqual(['a', 'b', 'b', 'b', 'b', 'b']);
  expect(second.last).toEqual({ institution: 'b', patronId: `p0${SCAN_SIZE - 10}` });
  const third = await scanAccounts(session, undefined, second.last);
  expect(third).toEqual({ headless: [{ institution: 'b', patronId: 'p05001' }], last: undefined });
  expect(await scanAccounts(session, 'a', first.last)).toEqual({
    headless: [{ institution: 'a', patronId: 'p05001' }],
    last: undefined,
  });
  expect(await scanAccounts(session, 'c', undefined)).toEqual({ headless: [], last: undefined });
});
