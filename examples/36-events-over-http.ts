// A feed over HTTP: each payment is posted to another system, as a CloudEvent. That system fails once and gets one event
// twice, and has each once, in the order of its account.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Database from 'libsql';
import { type Command, definePolicy } from 'patron-fees';
import { type CloudEvent, relay, sqliteOutbox } from 'patron-fees/feed';
import { execute } from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { table } from './support/table.js';

// The other system remembers the last version of each account and source, in the transaction of its own rows, and drops what
// it has. A restored library has another source: its versions begin again at the moment of the restore.
const last = new Map<string, string>();
const booked: CloudEvent[] = [];
const requests: string[] = [];
let isDown = true;
const receiver = createServer(async (request, response) => {
  const event = JSON.parse(await text(request)) as CloudEvent;
  requests.push(event.id);
  if (isDown) {
    isDown = false;
    response.writeHead(503).end();
    return;
  }
  const account = `${event.source} ${event.subject}`;
  if (event.sequence > (last.get(account) ?? '')) {
    booked.push(event);
    last.set(account, event.sequence);
  }
  // The third answer is lost: the event was booked, and the relay does not learn it.
  if (requests.length === 3) response.destroy();
  else response.writeHead(204).end();
});
await once(receiver.listen(0, '127.0.0.1'), 'listening');
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;

// The library: an outbox that every append writes in its transaction.
const database = new Database(':memory:');
migrate(database);
const outbox = sqliteOutbox(database, {
  source: 'https://library.example.org/fees',
  types: ['PaymentReceived', 'PaymentReversed'],
});
const store = sqliteEventStore(database, { inline: [outbox] });
const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00-05:00';
const pay = (id: string, comment: string): Command => {
  return { type: 'ReceivePayment', id, amount: '2.00', method: 'CASH', comment, at };
};
for (const patronId of ['ada', 'bert']) {
  const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12.50', owner: 'MAIN', at } as const;
  const commands = [fee, pay('p1', 'Paid by her daughter'), pay('p2', 'The rest on Friday')];
  assert.ok((await execute(store, policy, { institution: 'north', patronId }, commands)).decision.accepted);
}

// The relay: a service runs it in each of its processes, and one of them sends.
const ending = new AbortController();
const failures: string[] = [];
const { sent } = await relay(
  outbox,
  async (event) => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
    if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
  },
  {
    signal: ending.signal,
    maxPauseMs: 10,
    onFailure: ({ error }) => failures.push(String(error)),
    onProgress: ({ state }) => state === 'current' && ending.abort(), // a service goes on
  },
);
receiver.close();
database.close();

assert.equal(sent, 4);
// Both failures were in one batch, after which the relay paused once.
assert.equal(failures.length, 1);
assert.equal(requests.length, 6);
assert.deepEqual(
  booked.map(({ id }) => id).filter((id) => id.startsWith('north/ada')),
  ['north/ada/2', 'north/ada/3'],
);
assert.equal(new Set(booked.map(({ id }) => id)).size, 4);
// The other system learns amounts, and no texts.
assert.doesNotMatch(JSON.stringify(booked), /daughter|Friday/);

console.log(
  table(
    booked.map(({ id, type, time, data }) => ({
      id,
      type,
      time: time.slice(0, 10),
      amount: 'amount' in data.data ? String(data.data.amount) : '',
    })),
  ),
);
