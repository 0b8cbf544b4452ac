// A process of an earlier release: `tsx earlierProcess.ts FOLDER URL`, where FOLDER has the files of that release. It migrates,
// then appends until its input ends, and prints each acknowledged append; then it tries to migrate once more.
import { writeSync } from 'node:fs';
import pg from 'pg';

const [folder = '', connectionString = ''] = process.argv.slice(2);
const { postgresEventStore, migrate } = await import(`${folder}/src/stores/postgres/index.ts`);
const { execute } = await import(`${folder}/src/history/index.ts`);
const { definePolicy } = await import(`${folder}/src/index.ts`);

const pool = new pg.Pool({ connectionString, max: 4 });
pool.on('error', () => undefined);
await migrate(pool);
const store = postgresEventStore(pool);
const policy = definePolicy({ currency: 'USD' });
let isEnding = false;
process.stdin.on('end', () => {
  isEnding = true;
});
process.stdin.resume();
for (let n = 0; !isEnding; n++) {
  const patronId = `p${n % 20}`;
  const at = new Date().toISOString();
  const fee = { type: 'AssessFee', id: `earlier-${n}`, feeType: 'OTHER', amount: '1.00', owner: 'MAIN', at };
  await execute(store, policy, { institution: 'north', patronId }, fee);
  writeSync(1, `${patronId} earlier-${n}\n`);
}
const outcome = await migrate(pool).then(
  () => 'done',
  (error: { code?: string }) => error.code,
);
writeSync(1, `migrate: ${outcome}\n`);
await pool.end();
