// `npm run bench -- partitions` compares one table of events in PostgreSQL with one in 16 partitions by hash of the institution,
// filled with the same events of 200 institutions, in rounds by turns: reads of accounts, appends, pages of all events, pages of
// the accounts of an institution, and the size; one line of JSON each, medians in milliseconds and their ratio.
// BENCH_EVENTS=10000000 is the default; it takes 15 GB of disk.
import { performance } from 'node:perf_hooks';
import { type EventStore, execute, loadAccount } from '../../../src/history/index.js';
import { type Command, definePolicy } from '../../../src/index.js';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { newPool, postgresServer } from '../../support/postgresServer.js';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 10_000_000);
const PER_ACCOUNT = 20;
const INSTITUTIONS = 200;
const accounts = EVENTS / PER_ACCOUNT;
const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';

const server = await postgresServer();
/** Both are on one server, each in a schema of its own. */
const tables = ['single', 'divided'] as const;
const pools = Object.fromEntries(
  tables.map((schema) => [
    schema,
    newPool({ ...server.connection, max: 8, options: `-c search_path=${schema}` }),
  ]),
) as Record<(typeof tables)[number], ReturnType<typeof newPool>>;

/** Fills the table: accounts come and go as in a library, so that the events of one lie far apart. */
const FILL = `
  insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
  select n, 'institution-' || (n % ${accounts}) % ${INSTITUTIONS}, 'patron-' || n % ${accounts}, n / ${accounts} + 1,
    '2020-01-01Z'::timestamptz + n * interval '1 second',
    format('{"type":"FeeAssessed","data":{"feeId":"fee-%s","feeType":"OVERDUEFINE","amount":"2.50","currency":"USD","owner":"MAIN",'
      '"item":{"title":"%s","barcode":"%s"},"at":"2026-03-02T09:00:00Z"},"metadata":{"commandId":"fee-%s","commandDigest":"%s"}}',
      n, md5(n::text), n, n, left(md5((n + 1)::text), 22))
  from generate_series($1::bigint, $2::bigint) as n`;

async function fill(schema: (typeof tables)[number]): Promise<void> {
  const pool = pools[schema];
  await pool.query(`create schema ${schema}`);
  await migrate(pool);
  await pool.query('update patron_fees_schema set transaction_offset = $1', [EVENTS]);
  if (schema === 'divided') await pool.query(PARTITIONED);
  const step = 500_000;
  for (let from = 0; from < EVENTS; from += step)
    await pool.query(FILL, [from, Math.min(from + step, EVENTS) - 1]);
  await pool.query('vacuum analyze');
}

const PARTITIONED = `
  drop table patron_fees_event;
  create table patron_fees_event (
    position bigint generated always as identity, transaction bigint not null, institution text collate "C" not null,
    patron_id text collate "C" not null, version integer not null, recorded_at timestamptz not null, event text not null,
    is_left_by_purge boolean not null default false, primary key (institution, patron_id, version)
  ) partition by hash (institution);
  ${Array.from({ length: 16 }, (_, n) => `create table part_${n} partition of patron_fees_event for values with (modulus 16, remainder ${n});`).join('\n')}
  create unique index on patron_fees_event (institution, transaction, position);
  create index on patron_fees_event (transaction, position);
  create index on patron_fees_event (transaction, position) where version = 1 or is_left_by_purge;
  create index on patron_fees_event (institution, transaction, position) where version = 1 or is_left_by_purge;
  create index on patron_fees_event (transaction) where is_left_by_purge;`;

const median = (list: readonly number[], part = 0.5) =>
  Number(([...list].sort((a, b) => a - b)[Math.floor(part * (list.length - 1))] ?? 0).toFixed(3));

let seed = 7;
const random = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed % below;
};

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

/** Does each work on both tables by turns, and prints the medians. */
async function measure(): Promise<void> {
  const stores = Object.fromEntries(
    tables.map((table) => [table, postgresEventStore(pools[table], { namedStatements: true })]),
  ) as unknown as Record<(typeof tables)[number], EventStore>;
  const anybody = () => {
    const n = random(accounts);
    return { institution: `institution-${n % INSTITUTIONS}`, patronId: `patron-${n}` };
  };
  let id = 0;
  const charge = (): Command => ({
    type: 'AssessFee',
    id: `new-${id++}`,
    feeType: 'OTHER',
    amount: '2.50',
    owner: 'MAIN',
    at,
  });
  const works: Record<
    string,
    readonly [count: number, work: (table: (typeof tables)[number]) => Promise<unknown>]
  > = {
    'load an account of 20 events': [200, (table) => loadAccount(stores[table], anybody())],
    'execute on one': [100, (table) => execute(stores[table], policy, anybody(), charge())],
    'page of 1,000 events': [
      6,
      async (table) => {
        const start = random(EVENTS - 2_000);
        const position = 'select position from patron_fees_event where transaction = $1';
        const { rows } = await pools[table].query(position, [start]);
        await stores[table].readAll({ after: `${start}-${rows[0].position}`, limit: 1_000 });
      },
    ],
    'page of 500 accounts of an institution': [
      6,
      (table) => stores[table].accounts({ institution: `institution-${random(INSTITUTIONS)}`, limit: 500 }),
    ],
  };
  for (const [what, [count, work]] of Object.entries(works)) {
    const times = { single: [] as number[], divided: [] as number[] };
    const ratios: number[] = [];
    for (let round = 0; round < 22; round++) {
      const p50 = { single: 0, divided: 0 };
      for (const table of round % 2 === 0 ? tables : [...tables].reverse()) {
        const taken = await timed(count, () => work(table));
        // The first rounds warm up.
        if (round < 2) continue;
        times[table].push(...taken);
        p50[table] = median(taken);
      }
      if (round >= 2) ratios.push(p50.divided / p50.single);
    }
    const p50 = { single: median(times.single), divided: median(times.divided) };
    console.log(JSON.stringify({ what, p50, ratio: Number(median(ratios).toFixed(2)) }));
  }
  for (const table of tables) {
    const { rows } = await pools[table].query(
      `select sum(pg_total_relation_size(oid))::text as bytes from pg_class
       where relnamespace = '${table}'::regnamespace and relkind = 'r'`,
    );
    console.log(JSON.stringify({ table, bytesPerEvent: Math.round(Number(rows[0].bytes) / EVENTS) }));
  }
}

for (const table of tables) await fill(table);
await measure();
for (const table of tables) await pools[table].end();
await server.remove();
