import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { accountIdOf, userIdOf } from '../../src/interop/folio/folioIds.js';
import { lineNumber } from '../../src/interop/koha/kohaLines.js';
import { bundledProgram } from '../support/bundledProgram.js';
import type { DoorFigures, DoorPorts } from '../support/doorServers.js';

// Thousands of requests over HTTP, most of them hostile: afterwards a server holds what it held before.

/** Requests of a block to each door. */
const REQUESTS = 1_000;

/** What the heap may grow in a block by chance; if it kept a kilobyte of each request, it would grow by more. */
const HEAP_BYTES = 2_000_000;

type Asked = {
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly statuses: readonly number[];
};

const cql = (query: string) => `/accounts?query=${encodeURIComponent(query)}`;
const credits = (patron: string) => `/api/v1/patrons/${patron}/account/credits`;
const bodies = [
  '',
  'amount=5',
  '[]',
  '{"amount":5',
  '{"amount":5,"amount":1}',
  '{"__proto__":{"amount":5}}',
  '['.repeat(60_000),
  `{"amount":${'['.repeat(30_000)}`,
  `{"unknown":"${'x'.repeat(60_000)}","amount":1}`,
];
const bad = [400, 404, 413, 414, 422];

/** The n-th request to the door of Koha: reads, a payment that is repeated, and what nobody should send. */
function ofKoha(n: number): Asked {
  const patron = String(1 + (n % 20));
  const account = `/api/v1/patrons/${patron}/account`;
  const line = lineNumber('fee', { patronId: patron, id: 'f1' });
  const payment = { amount: 2.5, note: `Online transaction T${patron}`, account_lines_ids: [line] };
  const kinds: readonly Asked[] = [
    { path: account, statuses: [200] },
    { path: `${account}/debits?q=${encodeURIComponent('{"amount_outstanding":{">":0}}')}`, statuses: [200] },
    { path: credits(patron), body: JSON.stringify(payment), statuses: [201] },
    { path: credits(patron), body: JSON.stringify({ ...payment, amount: 900 }), statuses: bad },
    { path: credits(patron), body: bodies[n % bodies.length] as string, statuses: bad },
    { path: credits(patron), body: '[1]', headers: { 'content-type': 'text/plain' }, statuses: bad },
    { path: `${account}/debits?q=${'('.repeat(3_000)}`, statuses: bad },
    { path: `${account}?a=${'x'.repeat(9_000)}`, statuses: bad },
    { path: `/api/v1/patrons/${n}-unknown/account`, statuses: bad },
    { path: `/api/v1/${n}`, statuses: bad },
  ];
  return kinds[n % kinds.length] as Asked;
}

/** The n-th request to the door of FOLIO. */
function ofFolio(n: number): Asked {
  const patron = String(1 + (n % 20));
  const userId = userIdOf(patron);
  const id = accountIdOf({ patronId: patron, id: 'f2' });
  const usual = { notifyPatron: false, servicePointId: 'C', userName: 'u', paymentMethod: 'Cash' };
  const pay = (more: object) => JSON.stringify({ amount: '2.50', ...usual, ...more });
  const kinds: readonly Asked[] = [
    { path: `${cql(`userId==${userId} and status.name==Open`)}&limit=1000`, statuses: [200] },
    { path: `/patron/account/${userId}?includeCharges=true`, statuses: [200] },
    { path: `/accounts/${id}/pay`, body: pay({}), headers: { 'x-payment': `T${patron}` }, statuses: [201] },
    { path: `/accounts/${id}/pay`, body: pay({ amount: '900' }), statuses: bad },
    { path: `/accounts/${id}/pay`, body: pay({ unknown: n }), statuses: bad },
    { path: `/accounts/${id}/pay`, body: bodies[n % bodies.length] as string, statuses: bad },
    { path: '/accounts', body: '[1]', headers: { 'content-type': 'multipart/form-data' }, statuses: bad },
    { path: cql('('.repeat(1_500)), statuses: bad },
    { path: cql(`${'('.repeat(41)}userId==${userId}${')'.repeat(41)}`), statuses: bad },
    { path: `/accounts/${n}-unknown`, statuses: bad },
  ];
  return kinds[n % kinds.length] as Asked;
}

/** Sends a request, and returns the status of its answer when its body has ended. */
async function statusOf(port: number, { path, body, headers = {} }: Asked, agent: Agent): Promise<number> {
  const type = { 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const sent: ClientRequest = request({ port, path, method, headers: { ...type, ...headers }, agent });
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

/** Sends the requests of a block to a door, a few at once. */
async function sendAll(port: number, requestOf: (n: number) => Asked): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let next = 0;
  const worker = async () => {
    while (next < REQUESTS) {
      const asked = requestOf(next++);
      const status = await statusOf(port, asked, agent);
      if (!asked.statuses.includes(status)) throw new Error(`${asked.path.slice(0, 200)} answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
}

const head = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** Sends a text over a connection of its own, piece by piece, then cuts it or leaves it; ends when the connection does. */
async function overSocket(port: number, pieces: readonly string[], isCut: boolean): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.resume();
  await once(socket, 'connect');
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (isCut) socket.destroy();
  await closed;
}

/** Clients that send a megabyte, that cut their connections in the middle, that are slow, and that never end. */
async function sendBadly({ koha, folio, impatient }: DoorPorts): Promise<void> {
  const folioPath = `/accounts/${accountIdOf({ patronId: '1', id: 'f2' })}/pay`;
  const targets = [[koha, credits('1')] as const, [folio, folioPath] as const];
  const slow = [...'{"amount":0}', '\r\n'];
  for (let n = 0; n < 20; n++) {
    for (const [port, path] of targets) {
      await overSocket(port, [head(path, 1_048_576), 'x'.repeat(1_048_576)], true);
      await overSocket(port, [head(path, 500), '{"amount":5'], true);
      await overSocket(port, [head(path, 500).slice(0, 40 + n)], true);
      await overSocket(port, [head(path, 12), ...slow], true);
    }
  }
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      overSocket(impatient, [head(folioPath, 500 + n), '{"amount"'], false),
    ),
  );
}

it('thousands of hostile requests leak no memory, no connection and nothing else', async () => {
  const program = fileURLToPath(new URL('../support/doorServers.ts', import.meta.url));
  const root = join(fileURLToPath(import.meta.url), '../../..');
  const child = spawn(process.execPath, ['--expose-gc', bundledProgram(program)], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async () => JSON.parse((await lines.next()).value as string);
  const figures = async (): Promise<DoorFigures> => {
    child.stdin.write('\n');
    return read();
  };
  try {
    const ports: DoorPorts = await read();
    const before = await figures();
    const heaps: number[] = [];
    for (let block = 0; block < 3; block++) {
      await Promise.all([sendAll(ports.koha, ofKoha), sendAll(ports.folio, ofFolio), sendBadly(ports)]);
      // A connection that its client has closed ends when the server has seen it, and what is written to it.
      const after = await vi.waitUntil(
        async () => {
          const now = await figures();
          const isLeft = now.sockets > 0 || now.others.join() !== before.others.join();
          return isLeft ? undefined : now;
        },
        { timeout: 600_000, interval: 100 },
      );
      expect(after.errors).toEqual([]);
      heaps.push(after.heap);
    }
    const [, second = 0, third = 0] = heaps;
    expect(third - second).toBeLessThan(HEAP_BYTES);
    child.stdin.end();
    // Nothing is left that would keep it alive.
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
