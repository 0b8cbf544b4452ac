import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp } from '../../../examples/servers/serveHttp.js';
import type { AlmaFees } from '../../../src/interop/alma/index.js';
import { almaClient, charges } from './almaClient.js';

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Longer than any machine needs: a test shortens the time that it is about. */
const patience = { requestTimeoutMs: 1_200_000, idleTimeoutMs: 1_200_000 };

async function served(options: Parameters<typeof serveHttp>[1] = {}) {
  const client = await almaClient(charges(['f1', '5.00'], ['f2', '2.50']));
  const server = await serveHttp(client.handler, { ...patience, ...options });
  opened.push(server.close);
  const url = `http://127.0.0.1:${server.port}/almaws/v1/users/dverma/fees`;
  return { ...client, port: server.port, url };
}

async function raw(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  opened.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Waits until the connection is closed, by whatever error. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

describe('the Alma sample server', () => {
  it('serves what VuFind and Finna send, over HTTP', async () => {
    const { url, account } = await served();
    const key = { authorization: 'apikey l7xx1234' };
    const list = await (await fetch(url, { headers: key })).text();
    expect(list.match(/<balance>[0-9.]+<\/balance>/g)).toEqual([
      '<balance>5</balance>',
      '<balance>2.5</balance>',
    ]);
    const query = 'op=pay&amount=5.00&method=ONLINE&comment=Finna+transaction+7&external_transaction_id=X9';
    for (let n = 0; n < 2; n++) {
      const paid = await fetch(`${url}/f1?${query}`, { method: 'POST', headers: key });
      expect(paid.status).toBe(200);
      expect(await paid.text()).toContain('<external_transaction_id>X9</external_transaction_id>');
    }
    expect((await account()).payments).toHaveLength(1);
  });

  it('gives links to which payments can be posted, as the sample payment connector of Ex Libris does', async () => {
    const { url, account } = await served();
    const headers = { accept: 'application/json' };
    const { fee, link } = (await (await fetch(url, { headers })).json()) as AlmaFees;
    expect(link).toBe(url);
    const paid = await fetch(`${fee[0]?.link}?op=pay&amount=5&method=ONLINE`, { method: 'POST', headers });
    expect(await paid.json()).toMatchObject({ id: 'f1', balance: 0 });
    expect((await account()).payments).toMatchObject([{ amount: 500 }]);
  });

  it('creates a fee from a JSON body', async () => {
    const { url } = await served();
    const body = JSON.stringify({ type: { value: 'OTHER' }, original_amount: 3, owner: { value: 'MAIN' } });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const created = await fetch(url, { method: 'POST', headers, body });
    expect(await created.json()).toMatchObject({ balance: 3 });
  });

  it('refuses a body that is too long, and continues', async () => {
    const { url } = await served();
    const long = await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_000) }).catch(() => undefined);
    if (long !== undefined) expect(long.status).toBe(413);
    expect((await fetch(url)).status).toBe(200);
  });

  it.each(['dverma/fees', 'nobody/fees', 'dverma'])(
    'disconnects a client that sends a megabyte to %s, which is not read to its end',
    async (path) => {
      const { port } = await served();
      const socket = await raw(port);
      socket.resume();
      socket.write(`POST /almaws/v1/users/${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n`);
      socket.write('x'.repeat(1_048_576));
      await closed(socket);
    },
  );

  it('disconnects a client that never ends its request, even if it sends a byte now and then', async () => {
    const { port } = await served({ requestTimeoutMs: 200 });
    const socket = await raw(port);
    socket.resume();
    socket.write('POST /almaws/v1/users/dverma/fees HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 20);
    opened.push(() => clearInterval(drip));
    await closed(socket);
  });

  it('disconnects a client that sends a body byte by byte', async () => {
    const { port, account } = await served({ requestTimeoutMs: 200 });
    const socket = await raw(port);
    socket.resume();
    socket.write('POST /almaws/v1/users/dverma/fees HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{');
    const drip = setInterval(() => socket.write(' '), 20);
    opened.push(() => clearInterval(drip));
    await closed(socket);
    expect((await account()).fees).toHaveLength(2);
  });

  it('disconnects a client that is silent', async () => {
    const { port } = await served({ idleTimeoutMs: 100 });
    const socket = await raw(port);
    socket.resume();
    await closed(socket);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    [
      'a header that is too long',
      `GET /almaws/v1/users/dverma/fees HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['an invalid address', 'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ])('answers %s with an error, and continues', async (_name, text, status) => {
    const { port, url } = await served();
    const socket = await raw(port);
    socket.write(text);
    const [piece] = (await once(socket, 'data')) as [Buffer];
    expect(piece.toString().slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
    expect((await fetch(url)).status).toBe(200);
  });

  it('continues if a client disconnects during a request', async () => {
    const { port, url, errors } = await served();
    const leaving = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/almaws/v1/users/dverma/fees',
    });
    leaving.on('error', () => undefined);
    leaving.write('{"type":');
    await new Promise((resolve) => setTimeout(resolve, 50));
    leaving.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await fetch(url)).status).toBe(200);
    expect(errors).toEqual([]);
  });
});
