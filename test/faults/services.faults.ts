// The sample servers are killed while clients pay; the clients send again what was not answered.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import Database from 'libsql';
import { afterEach, describe, expect, it } from 'vitest';
import { loadAccount } from '../../src/history/index.js';
import { balancesInMinorUnits } from '../../src/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { sampleServer } from '../support/sampleServer.js';
import { temporaryFile } from '../support/sqliteDrivers.js';

const PAYMENTS = 150;

const KEY = 'key';

/** When the server is killed, in milliseconds after its start was noticed. */
const KILLS = [15, 40, 70];

/** What the example patron can pay before, in cents. */
const PAYABLE = 10_000;

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Pays one cent. Returns whether the payment was accepted; `undefined` without a response. */
type Pay = (port: number, transactionId: string) => Promise<boolean | undefined>;

/** Pays over SIP2, on a connection of its own. */
async function paySip2(port: number, transactionId: string): Promise<boolean | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    const time = '20260302    090000';
    socket.write(`37${time}0400USDBV0.01|AONORTH|AAdverma|BK${transactionId}|\r`);
    for await (const piece of socket) return String(piece).startsWith('38Y');
    return undefined;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/**
 * Pays over Alma's API, on a connection of its own: `fetch` keeps connections, and a request on one that breaks at the
 * wrong moment is never answered.
 */
async function payAlma(port: number, transactionId: string): Promise<boolean | undefined> {
  const query = `op=pay&amount=0.01&method=ONLINE&external_transaction_id=${transactionId}&apikey=${KEY}`;
  const path = `/almaws/v1/users/dverma/fees/all?${query}`;
  const sent = request({ port, host: '127.0.0.1', path, method: 'POST', agent: false });
  try {
    sent.end();
    const [{ statusCode }] = (await once(sent, 'response')) as [IncomingMessage];
    return statusCode === 200;
  } catch {
    return undefined;
  } finally {
    sent.destroy();
  }
}

describe.each<[string, Pay]>([
  ['sip2', paySip2],
  ['alma', payAlma],
])('the sample server %s', (name, pay) => {
  it('records every payment once although it is killed', async () => {
    const { file, remove } = temporaryFile();
    opened.push(remove);
    const kills = [...KILLS];
    let server = await sampleServer(name, file, KEY);
    opened.push(() => server.kill());
    let unanswered = 0;
    for (let n = 0; n < PAYMENTS; ) {
      const delay = kills.shift();
      const kill = delay === undefined ? undefined : setTimeout(() => server.kill(), delay);
      let accepted: boolean | undefined = true;
      while (n < PAYMENTS && accepted !== undefined) {
        accepted = await pay(server.port, `k-${n}`);
        if (accepted === undefined) break;
        expect(accepted).toBe(true);
        n += 1;
      }
      clearTimeout(kill);
      if (accepted !== undefined) continue;
      unanswered += 1;
      await server.kill();
      server = await sampleServer(name, file, KEY);
    }
    await server.kill();
    expect(unanswered).toBeGreaterThan(0);
    const database = new Database(file);
    const stream = { institution: 'NORTH', patronId: 'dverma' };
    const { account } = await loadAccount(sqliteEventStore(database), stream);
    database.close();
    const ids = account.payments.flatMap(({ externalTransactionId }) =>
      externalTransactionId?.startsWith('k-') ? externalTransactionId : [],
    );
    expect(ids).toHaveLength(PAYMENTS);
    expect(new Set(ids).size).toBe(PAYMENTS);
    expect(balancesInMinorUnits(account).payable).toBe(PAYABLE - PAYMENTS);
  });
});
