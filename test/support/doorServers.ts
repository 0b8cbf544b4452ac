// A program: serves the doors of Koha and FOLIO over HTTP, and says on each line of its input what it holds.
import { createInterface } from 'node:readline';
import { serveHttp } from '../../examples/servers/serveHttp.js';
import { execute, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { folioFeesHandler } from '../../src/interop/folio/index.js';
import { kohaAccountHandler } from '../../src/interop/koha/index.js';

/** What the program prints: first the ports, then what it holds. */
export type DoorPorts = { readonly koha: number; readonly folio: number; readonly impatient: number };
export type DoorFigures = {
  /** Bytes of the heap that are still used after a collection of garbage. */
  readonly heap: number;
  /** Connections of clients that are open. */
  readonly sockets: number;
  /** What else keeps the process alive, but for timers and immediates, sorted. */
  readonly others: readonly string[];
  readonly errors: readonly string[];
};

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const store = memoryEventStore({ now: () => at });
for (let patron = 1; patron <= 20; patron++) {
  const fees = ['f1', 'f2', 'f3'].map(
    (id) => ({ type: 'AssessFee', id, feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at }) as const,
  );
  await execute(store, policy, { institution: 'NORTH', patronId: `${patron}` }, fees);
}
let ids = 0;
const errors: string[] = [];
const shared = {
  store,
  policy,
  institution: 'NORTH',
  now: () => at,
  newId: () => `id-${++ids}`,
  libraries: ['MAIN'],
  onError: (error: unknown) => void errors.push(String(error)),
};
const isPatron = (id: string) => /^([1-9]|1\d|20)$/.test(id);
const koha = kohaAccountHandler({
  ...shared,
  patron: ({ patronId }) => (isPatron(patronId) ? { patronId } : undefined),
});
const folio = folioFeesHandler({
  ...shared,
  patron: ({ identifier }) => (isPatron(identifier) ? { patronId: identifier } : undefined),
  transactionOf: (_body, headers) => headers.get('x-payment') ?? undefined,
});
const patient = { requestTimeoutMs: 600_000, idleTimeoutMs: 600_000 };
const servers = {
  koha: await serveHttp(koha, patient),
  folio: await serveHttp(folio, patient),
  // For clients that never end.
  impatient: await serveHttp(folio, { requestTimeoutMs: 300, idleTimeoutMs: 300 }),
};
const ports: DoorPorts = {
  koha: servers.koha.port,
  folio: servers.folio.port,
  impatient: servers.impatient.port,
};
console.log(JSON.stringify(ports));

for await (const _line of createInterface(process.stdin)) {
  globalThis.gc?.();
  const held = process.getActiveResourcesInfo();
  const figures: DoorFigures = {
    heap: process.memoryUsage().heapUsed,
    sockets: held.filter((name) => name === 'TCPSocketWrap').length,
    others: held.filter((name) => !['TCPSocketWrap', 'Timeout', 'Immediate'].includes(name)).sort(),
    errors,
  };
  console.log(JSON.stringify(figures));
}
for (const server of Object.values(servers)) await server.close();
