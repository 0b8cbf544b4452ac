// `npm run bench:protocols` compares requests over SIP2 and Alma with the store alone, over SQLite, as ratios within one run, one
// JSON line each. The store alone does the same with `execute` and `loadAccount`. Sockets are not measured.
import { performance } from 'node:perf_hooks';
import { execute, loadAccount } from '../../../src/history/index.js';
import { type Command, decide, emptyAccount } from '../../../src/index.js';
import { almaFeesHandler } from '../../../src/interop/alma/index.js';
import { sip2Service } from '../../../src/interop/sip2/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { policy } from '../../support/deskWork.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';

const at = '2026-03-02T09:00:00Z';
const institution = 'north';

/** The fees of each account. */
const FEES = 10;

/** The requests of a round. Each pays one fee of an account of its own. */
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 500);

const ROUNDS = 5;

const { file, remove } = temporaryFile();
const database = libsql.open(file);
migrate(database);
const store = sqliteEventStore(database);

const charges = Array.from({ length: FEES }, (_, n): Command => {
  return { type: 'AssessFee', id: `f${n}`, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
});
const { events } = decide(charges, emptyAccount(), policy);

let ids = 0;
const shared = { store, policy, institution, now: () => at, newId: () => `payment-${++ids}` };
const alma = almaFeesHandler({ ...shared, patron: ({ userId }) => ({ patronId: userId }) });
const terminal = sip2Service({ ...shared, patron: ({ identifier }) => ({ patronId: identifier }) }).connect();

/** Pays a fee, or reads all fees, of a patron. */
type Requests = {
  readonly pay: (patronId: string) => Promise<unknown>;
  readonly read: (patronId: string) => Promise<unknown>;
};

async function sip2(message: string, expected: string): Promise<void> {
  for await (const response of terminal.receive(new TextEncoder().encode(`${message}\r`))) {
    if (!new TextDecoder().decode(response).startsWith(expected)) throw new Error(String(response));
  }
}

async function http(path: string, method: string, accept: string): Promise<void> {
  const request = new Request(`http://alma/almaws/v1/users/${path}`, { method, headers: { accept } });
  const response = await alma(request);
  if (!response.ok) throw new Error(await response.text());
  await response.text();
}

const bare: Requests = {
  pay: (patronId) => {
    const payment = {
      type: 'ReceivePayment',
      id: `payment-${++ids}`,
      amount: '2.50',
      feeIds: ['f0'],
      method: 'CASH',
    };
    const command = { ...payment, externalTransactionId: `x-${ids}`, at } as Command;
    return execute(store, policy, { institution, patronId }, command);
  },
  read: (patronId) => loadAccount(store, { institution, patronId }),
};

const payQuery = 'f0?op=pay&amount=2.50&method=CASH&external_transaction_id=';
const protocols: Readonly<Record<string, Requests>> = {
  'Alma, JSON': {
    pay: (patronId) => http(`${patronId}/fees/${payQuery}x-${++ids}`, 'POST', 'application/json'),
    read: (patronId) => http(`${patronId}/fees`, 'GET', 'application/json'),
  },
  'Alma, XML': {
    pay: (patronId) => http(`${patronId}/fees/${payQuery}x-${++ids}`, 'POST', 'application/xml'),
    read: (patronId) => http(`${patronId}/fees`, 'GET', 'application/xml'),
  },
  SIP2: {
    pay: (patronId) =>
      sip2(`3720260302    0900000400USDBV2.50|AOnorth|AA${patronId}|CGf0|BKx-${++ids}|`, '38Y'),
    read: (patronId) => sip2(`6300120260302    090000   Y      AOnorth|AA${patronId}|`, '64'),
  },
};

let rounds = 0;

/** The figures of one round. */
type Figures = { readonly perSecond: number; readonly cpuMicroseconds: number };

/** Runs one round on new accounts. Returns the requests per second, and the processor time of one. */
async function figuresOf(work: (patronId: string) => Promise<unknown>): Promise<Figures> {
  const round = ++rounds;
  const patronIds = Array.from({ length: REQUESTS }, (_, n) => `${round}-${n}`);
  for (const patronId of patronIds)
    await store.append({ institution, patronId }, events, { expectedVersion: 0 });
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  for (const patronId of patronIds) await work(patronId);
  const perSecond = (1000 * REQUESTS) / (performance.now() - start);
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond, cpuMicroseconds: (user + system) / REQUESTS };
}

function median(rounds: readonly Figures[], figure: keyof Figures): number {
  const figures = rounds.map((round) => round[figure]).sort((a, b) => a - b);
  return Math.round(figures[Math.floor(figures.length / 2)] ?? 0);
}

/** What a Request and a Response of a list cost by themselves. */
async function reportFetchApi(): Promise<void> {
  const headers = { accept: 'application/json' };
  const url = 'http://alma/almaws/v1/users/some/fees';
  await store.append({ institution, patronId: 'some' }, events, { expectedVersion: 0 });
  const body = await (await alma(new Request(url, { headers }))).text();
  const answerHeaders = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' };
  const found: Figures[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const figures = await figuresOf(async () => {
      const request = new Request(url, { method: 'GET', headers });
      const status = request.headers.get('accept') === headers.accept ? 200 : 500;
      return new Response(body, { status, headers: answerHeaders }).text();
    });
    if (round > 0) found.push(figures);
  }
  const [perSecond, cpuMicroseconds] = [median(found, 'perSecond'), median(found, 'cpuMicroseconds')];
  const protocol = 'Request and Response alone';
  console.log(JSON.stringify({ protocol, what: 'read', perSecond, cpuMicroseconds }));
}

await reportFetchApi();
for (const [name, requests] of Object.entries(protocols)) {
  for (const what of ['pay', 'read'] as const) {
    const [ours, its]: [Figures[], Figures[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round++) {
      const [theirs, mine] = [await figuresOf(bare[what]), await figuresOf(requests[what])];
      // The first round warms up.
      if (round === 0) continue;
      its.push(theirs);
      ours.push(mine);
    }
    const [perSecond, bareStore] = [median(ours, 'perSecond'), median(its, 'perSecond')];
    const ratio = Number((perSecond / bareStore).toFixed(2));
    const cpu = { cpuMicroseconds: median(ours, 'cpuMicroseconds'), bareCpu: median(its, 'cpuMicroseconds') };
    console.log(JSON.stringify({ protocol: name, what, perSecond, bare: bareStore, ratio, ...cpu }));
  }
}
await store.close();
database.close();
remove();
