import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveSip2 } from '../../../examples/servers/serveSip2.js';
import type { Sip2Options, Sip2Service } from '../../../src/interop/sip2/index.js';
import { feePaidMessage, NOW, terminal } from './terminal.js';

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Connects to a port, and reads responses one by one. */
async function client(port: number, { reads = true } = {}) {
  const socket = connect(port, '127.0.0.1');
  // A server that is killed resets connections.
  socket.on('error', () => undefined);
  opened.push(() => socket.destroy());
  await once(socket, 'connect');
  let text = '';
  const received = (async () => {
    if (!reads) return;
    for await (const piece of socket) text += piece;
  })().catch(() => undefined);
  const until = async (done: () => boolean) => {
    while (!done() && !socket.destroyed) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return {
    socket,
    received,
    text: () => text,
    /** Sends a message and returns its response; `undefined` if the server left. */
    async ask(message: string): Promise<string | undefined> {
      const from = text.length;
      socket.write(`${message}\r`);
      await until(() => text.indexOf('\r', from) >= 0);
      const end = text.indexOf('\r', from);
      return end < 0 ? undefined : text.slice(from, end);
    },
  };
}

/** Longer than any machine needs: a test shortens the time that it is about. */
const patience = { messageTimeoutMs: 1_200_000, loginTimeoutMs: 1_200_000, idleTimeoutMs: 1_200_000 };

async function served(
  options: Parameters<typeof serveSip2>[1] = {},
  kioskOptions: Partial<Sip2Options> = {},
) {
  const kiosk = await terminal(kioskOptions);
  const errors: unknown[] = [];
  const server = await serveSip2(kiosk.service, {
    onError: (error) => errors.push(error),
    ...patience,
    ...options,
  });
  opened.push(server.close);
  return { ...kiosk, ...server, errors };
}

/** Waits until the connection is closed, by whatever error. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** Tries twice the time each time until `given` has a result: some machines need long for a first answer. */
async function withTimeFor<Result>(given: (ms: number) => Promise<Result | undefined>): Promise<Result> {
  for (let ms = 250; ; ms *= 2) {
    const result = await given(ms);
    if (result !== undefined) return result;
  }
}

describe('the SIP2 sample server', () => {
  it('serves several terminals at once over TCP', async () => {
    const { port, account, errors } = await served();
    const kiosks = await Promise.all([client(port), client(port), client(port)]);
    const responses = await Promise.all(
      kiosks.map((kiosk, n) => kiosk.ask(feePaidMessage('1.00', `BKk${n}|`))),
    );
    for (const response of responses) expect(response).toMatch(/^38Y/);
    expect((await account()).payments).toHaveLength(3);
    expect(errors).toEqual([]);
  });

  it('reads a message that comes byte by byte', async () => {
    const { port } = await served();
    const { socket, ask } = await client(port);
    socket.setNoDelay(true);
    for (const byte of '9900302.0') {
      socket.write(byte);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await ask('0')).toMatch(/^98/);
  });

  it('disconnects a terminal that begins a message and does not end it, even if it keeps sending bytes', async () => {
    const { port } = await served({ messageTimeoutMs: 100 });
    const { socket, text } = await client(port);
    const drip = setInterval(() => socket.write('x'), 10);
    opened.push(() => clearInterval(drip));
    await closed(socket);
    expect(text()).toBe('');
  });

  it('keeps a terminal that ends messages as telnet does, with CR and NUL', async () => {
    const { socket, ask, ms } = await withTimeFor(async (ms) => {
      const { socket, ask } = await client((await served({ messageTimeoutMs: ms })).port);
      return (await ask('9900302.00')) === undefined ? undefined : { socket, ask, ms };
    });
    socket.write('\0');
    await new Promise((resolve) => setTimeout(resolve, 2 * ms));
    expect(socket.destroyed).toBe(false);
    expect(await ask('9900302.00')).toMatch(/^98/);
  });

  it('disconnects a terminal that is silent', async () => {
    const { socket, answer } = await withTimeFor(async (idleTimeoutMs) => {
      const { socket, ask } = await client((await served({ idleTimeoutMs })).port);
      const answer = await ask('9900302.00');
      return answer === undefined ? answer : { socket, answer };
    });
    expect(answer).toMatch(/^98/);
    await closed(socket);
  });

  it('disconnects terminals that are silent or busy before a login, so that others can connect', async () => {
    const login = () => ({ desk: 'K1' });
    const { port } = await served({ connectionsMax: 3, loginTimeoutMs: 500 }, { login });
    const silent = await Promise.all([client(port), client(port)]);
    const busy = await client(port);
    const chatter = setInterval(() => busy.socket.write('9900302.00\r'), 10);
    opened.push(() => clearInterval(chatter));
    for (const { socket } of [...silent, busy]) await closed(socket);
    const answer = await withTimeFor(async () => (await client(port)).ask('9300CNk|COs|'));
    expect(answer).toBe('941');
  });

  it('keeps a terminal that has logged in, or sent a message where there is no login', async () => {
    const { ask, ms } = await withTimeFor(async (ms) => {
      const { ask } = await client((await served({ loginTimeoutMs: ms })).port);
      return (await ask('9900302.00')) === undefined ? undefined : { ask, ms };
    });
    await new Promise((resolve) => setTimeout(resolve, 1.5 * ms));
    expect(await ask('9900302.00')).toMatch(/^98/);
  });

  it('accepts only so many connections from one address', async () => {
    const { port } = await served({ connectionsPerAddressMax: 2 });
    const kiosks = [await client(port), await client(port)];
    for (const { ask } of kiosks) expect(await ask('9900302.00')).toMatch(/^98/);
    await closed((await client(port)).socket);
    kiosks[0]?.socket.destroy();
    await vi.waitFor(
      async () => expect(await (await client(port)).ask('9900302.00')).toMatch(/^98/),
      600_000,
    );
  });

  it('disconnects a terminal that sends requests and reads no responses', async () => {
    // Responses so long that no system keeps them for a client that does not read.
    let [responses, isGivenUp] = [0, false];
    const verbose: Sip2Service = {
      connect: () => ({
        async *receive() {
          try {
            for (;;) {
              responses += 1;
              yield new Uint8Array(4_000_000);
            }
          } finally {
            isGivenUp = true;
          }
        },
        isLoggedIn: true,
        isMidMessage: false,
        isFinished: false,
      }),
    };
    const server = await serveSip2(verbose, { ...patience, messageTimeoutMs: 200 });
    opened.push(server.close);
    const { socket } = await client(server.port, { reads: false });
    socket.write('97\r');
    await vi.waitFor(() => expect(isGivenUp).toBe(true), { timeout: 600_000 });
    // A client that reads nothing notices only when it writes.
    const write = setInterval(() => socket.write('97\r'), 10);
    opened.push(() => clearInterval(write));
    await closed(socket);
    expect(responses).toBeLessThan(20);
  });

  it('disconnects a terminal that sends nothing readable, and goes on with others', async () => {
    const { port, errors } = await served();
    const bad = await client(port);
    bad.socket.write('GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nC: d\r\nE: f\r\n\r\n');
    await bad.received;
    expect(bad.text()).toBe('96\r'.repeat(5));
    const good = await client(port);
    expect(await good.ask('9900302.00')).toMatch(/^98/);
    expect(errors).toEqual([]);
  });

  it('reports an error of the store, and disconnects', async () => {
    const { port, errors, store } = await served();
    await store.close();
    const { ask } = await client(port);
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`)).toBeUndefined();
    expect(errors).toMatchObject([{ code: 'STORE_CLOSED' }]);
  });
});
