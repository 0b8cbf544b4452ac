// `npm run bench -- protocols` compares requests over SIP2 and of clients of Alma, Koha and FOLIO with the store alone, over SQLite,
// as ratios within one run, one JSON line each. The store alone does the same with `execute` and `loadAccount`. Sockets are not
// measured. `-- --memory 100000` measures the heap over so many requests of each instead. `--only Koha` measures one of them.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { execute, loadAccount } from '../../../src/history/index.js';
import { type Command, decide, emptyAccount } from '../../../src/index.js';
import { almaFeesHandler } from '../../../src/interop/alma/index.js';
import { accountIdOf, userIdOf } from '../../../src/interop/folio/folioIds.js';
import { folioFeesHandler } from '../../../src/interop/folio/index.js';
import { kohaAccountHandler } from '../../../src/interop/koha/index.js';
import { lineNumber } from '../../../src/interop/koha/kohaLines.js';
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
const koha = kohaAccountHandler({ ...shared, patron: ({ patronId }) => ({ patronId }) });
const folio = folioFeesHandler({ ...shared, patron: ({ identifier }) => ({ patronId: identifier }) });
const terminal = sip2Service({ ...shared, patron: ({ identifier }) => ({ patronId: identifier }) }).connect();

/** Pays a fee, or reads all fees, of a patron. */
type Requests = {
  readonly pay: (patronId: string) => Promise<unknown>;
  readonly read: (patronId: string) => Promise<unknown>;
  /** Does what the server does once for each new fee, before a round is measured. */
  readonly prepare?: () => Promise<unknown>;
};

async function sip2(message: string, expected: string): Promise<void> {
  for await (const response of terminal.receive(new TextEncoder().encode(`${message}\r`))) {
    if (!new TextDecoder().decode(response).startsWith(expected)) throw new Error(String(response));
  }
}

async function http(path: string, method: string, accept: string): Promise<void> {
  await sent(alma, new Request(`http://alma/almaws/v1/users/${path}`, { method, headers: { accept } }));
}

async function sent(handler: typeof alma, request: Request): Promise<string> {
  const response = await handler(request);
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}

/** Sends a request of a client of Koha or FOLIO. */
function json(handler: typeof alma, path: string, body?: object): Promise<string> {
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return sent(handler, new Request(`http://door/${path}`, post));
}

const kohaAccount = (patronId: string) => `api/v1/patrons/${patronId}/account`;
const folioFees = (patronId: string) => {
  const query = `userId==${userIdOf(patronId)} and status.name==Open`;
  return `accounts?query=${encodeURIComponent(query)}&limit=1000`;
};

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
  Koha: {
    // A client names the line, whose number the server computes.
    pay: (patronId) =>
      json(koha, `${kohaAccount(patronId)}/credits`, {
        amount: 2.5,
        account_lines_ids: [lineNumber('fee', { patronId, id: 'f0' })],
        note: `Online transaction x-${++ids}`,
      }),
    read: (patronId) => json(koha, kohaAccount(patronId)),
  },
  FOLIO: {
    pay: (patronId) =>
      json(folio, `accounts/${accountIdOf({ patronId, id: 'f0' })}/pay`, {
        amount: '2.50',
        paymentMethod: 'CASH',
        notifyPatron: false,
        userName: 'kiosk',
        servicePointId: 'CIRC',
      }),
    read: (patronId) => json(folio, folioFees(patronId)),
    // A client names a fee alone, so the server keeps the ids of all.
    prepare: () => json(folio, `accounts?query=id==${userIdOf('nobody')}`),
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
async function figuresOf(
  work: (patronId: string) => Promise<unknown>,
  prepare?: () => Promise<unknown>,
): Promise<Figures> {
  const round = ++rounds;
  const patronIds = Array.from({ length: REQUESTS }, (_, n) => `${round}-${n}`);
  for (const patronId of patronIds)
    await store.append({ institution, patronId }, events, { expectedVersion: 0 });
  await prepare?.();
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

/** Compares each protocol with the store alone. */
async function reportSpeed(): Promise<void> {
  await reportFetchApi();
  for (const [name, requests] of Object.entries(protocols)) {
    if ((values.only ?? name) !== name) continue;
    for (const what of ['pay', 'read'] as const) {
      const [ours, its]: [Figures[], Figures[]] = [[], []];
      for (let round = 0; round <= ROUNDS; round++) {
        const [theirs, mine] = [
          await figuresOf(bare[what]),
          await figuresOf(requests[what], requests.prepare),
        ];
        // The first round warms up.
        if (round === 0) continue;
        its.push(theirs);
        ours.push(mine);
      }
      const [perSecond, bareStore] = [median(ours, 'perSecond'), median(its, 'perSecond')];
      const ratio = Number((perSecond / bareStore).toFixed(2));
      const cpu = {
        cpuMicroseconds: median(ours, 'cpuMicroseconds'),
        bareCpu: median(its, 'cpuMicroseconds'),
      };
      console.log(JSON.stringify({ protocol: name, what, perSecond, bare: bareStore, ratio, ...cpu }));
    }
  }
}

/** Sends many requests of each protocol: nine lists of a hundred patrons, then a payment that is refused. */
async function reportMemory(requests: number): Promise<void> {
  const patronIds = Array.from({ length: 100 }, (_, n) => `memory-${n}`);
  for (const patronId of patronIds)
    await store.append({ institution, patronId }, events, { expectedVersion: 0 });
  for (const [protocol, { pay, read }] of Object.entries(protocols)) {
    if ((values.only ?? protocol) !== protocol) continue;
    for (const patronId of patronIds) await pay(patronId).catch(() => undefined);
    const heapMb: number[] = [];
    for (let n = 0; n < requests; n++) {
      const patronId = patronIds[n % patronIds.length] as string;
      // The fee is paid already, so that the accounts stay as they are.
      await (n % 10 === 9 ? pay(patronId).catch(() => undefined) : read(patronId));
      if ((n + 1) % Math.ceil(requests / 5) === 0) heapMb.push(usedHeap());
    }
    console.log(JSON.stringify({ protocol, requests, heapMb }));
  }
}

/** Returns the megabytes of the heap that are still used. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return Number((process.memoryUsage().heapUsed / 1_048_576).toFixed(1));
}

const { values } = parseArgs({ options: { memory: { type: 'string' }, only: { type: 'string' } } });
if (values.memory === undefined) await reportSpeed();
else await reportMemory(Number(values.memory));
await store.close();
database.close();
remove();
