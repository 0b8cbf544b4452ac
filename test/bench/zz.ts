import { execute } from '../../src/history/index.js';
import { encodeEvent } from '../../src/history/codec.js';
import { decide, emptyAccount } from '../../src/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { policy } from '../support/deskWork.js';
import { temporaryFile } from '../support/sqliteDrivers.js';
import Database from 'better-sqlite3';
const { file, remove } = temporaryFile();
const database = new Database(file);
migrate(database);
const store = sqliteEventStore(database, { synchronous: 'normal' });
const at = '2026-03-02T09:00:00Z';
const assess = (id: string) => ({ type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at }) as const;
const text = encodeEvent(decide(assess('f1'), emptyAccount(), policy).events[0]!);
const insert = database.prepare('insert into patron_fees_event (institution, patron_id, version, recorded_at, event) values (?, ?, ?, ?, ?)');
const begin = database.prepare('begin immediate'); const commit = database.prepare('commit');
const N = 3000;
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system); };
for (let r = 0; r < 6; r++) {
  let t = cpu();
  for (let i = 0; i < N; i++) { begin.run(); insert.run('bare', `${r}-${i}`, 1, at, text); commit.run(); }
  const bare = (cpu() - t) / N;
  t = cpu();
  for (let i = 0; i < N; i++) await execute(store, policy, { institution: 'ours', patronId: `${r}-${i}` }, assess('f1'));
  const ours = (cpu() - t) / N;
  console.log('bare', bare.toFixed(1), 'ours', ours.toFixed(1), 'ratio', (bare / ours).toFixed(2));
}
remove();
