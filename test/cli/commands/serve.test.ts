import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openOfficeToAppend } from '../../../src/cli/openStore.js';
import { runCli } from '../../../src/cli/runCli.js';
import { definePolicy } from '../../../src/index.js';
import { executeTill } from '../../../src/office/index.js';
import { fileOf, memoryTerminal, runInMemory, storedLines } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A store with the accounts of u17 and u18. */
async function filledStore(): Promise<string> {
  const store = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const { exitCode } = await runInMemory(['copy', fileOf(storedLines(['u17', 'u18'])), store]);
  expect(exitCode).toBe(0);
  return store;
}

/** Serves a store on a free port until `use` has ended. */
async function served(
  protocol: string,
  use: (port: number) => Promise<void>,
  ...more: readonly string[]
): Promise<void> {
  const controller = new AbortController();
  const { terminal, written } = memoryTerminal({ signal: controller.signal });
  const words = ['serve', protocol, await filledStore(), '--institution', 'north', '--port', '0'];
  const ended = runCli([...words, ...more], terminal);
  await vi.waitUntil(() => /:\d+/.test(written.output), { timeout: 600_000 });
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(written.output) ?? [];
  try {
    await use(Number(port));
  } finally {
    controller.abort();
  }
  expect(await ended).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
}

describe('serve alma', () => {
  it('answers clients that have the key, with the fees of patrons who have an account', async () => {
    vi.stubEnv('PATRON_FEES_KEY', 'secret');
    await served('alma', async (port) => {
      const fees = (user: string, key: string) =>
        fetch(`http://127.0.0.1:${port}/almaws/v1/users/${user}/fees?apikey=${key}`, {
          headers: { accept: 'application/json' },
        });
      expect(await (await fees('u17', 'secret')).json()).toMatchObject({ total_record_count: 2 });
      expect((await fees('u17', 'wrong')).status).toBeGreaterThanOrEqual(400);
      expect((await fees('u99', 'secret')).status).toBeGreaterThanOrEqual(400);
    });
  });
});

describe('serve koha', () => {
  it('answers clients that have the secret, with the accounts of patrons who have one', async () => {
    vi.stubEnv('PATRON_FEES_KEY', 'secret');
    await served('koha', async (port) => {
      const address = `http://127.0.0.1:${port}/api/v1`;
      const statusOf = async (patron: string, authorization: string) =>
        (await fetch(`${address}/patrons/${patron}/account`, { headers: { authorization } })).status;
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'a',
        client_secret: 'secret',
      });
      const given = await fetch(`${address}/oauth/token`, { method: 'POST', body });
      const { access_token } = (await given.json()) as { access_token: string };
      expect(await statusOf('u17', `Bearer ${access_token}`)).toBe(200);
      expect(await statusOf('u17', `Basic ${btoa('any:secret')}`)).toBe(200);
      expect(await statusOf('u99', `Basic ${btoa('any:secret')}`)).toBe(404);
      expect(await statusOf('u17', `Basic ${btoa('any:wrong')}`)).toBe(401);
      body.set('client_secret', 'wrong');
      expect((await fetch(`${address}/oauth/token`, { method: 'POST', body })).status).toBe(403);
    });
  });

  it('shows the tills of an office as cash registers, and their closed sessions', async () => {
    vi.stubEnv('PATRON_FEES_KEY', 'secret');
    const file = join(temporaryFolder(), 'office.db');
    const { store, close } = await openOfficeToAppend(`sqlite:${file}`);
    const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
    const cash = [{ method: 'CASH', amount: '0.29' }];
    const [at, closedAt] = ['2026-03-02T09:00:00Z', '2026-03-02T18:00:00Z'];
    const closing = { id: 'c1', sessionId: 's1', takings: cash, counts: cash, at: closedAt, by };
    for (const command of [
      { type: 'OpenTill', id: 's1', float: '0.00', at, by } as const,
      { type: 'CloseTill', ...closing } as const,
    ])
      await executeTill(
        store,
        definePolicy({ currency: 'USD' }),
        { institution: 'north', till: 'CIRC' },
        command,
      );
    await close();
    const use = async (port: number) => {
      const get = async (path: string) => {
        const headers = { authorization: `Basic ${btoa('any:secret')}` };
        return (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { headers })).json();
      };
      const [register] = (await get('libraries/CPL/cash_registers')) as { cash_register_id: number }[];
      const id = register?.cash_register_id;
      const cashups = (await get(`cash_registers/${id}/cashups`)) as { cashup_id: number }[];
      expect(cashups).toMatchObject([{ amount: 0.29, timestamp: closedAt, summary: { total: 0.29 } }]);
      expect(await get(`cashups/${cashups[0]?.cashup_id}`)).toEqual(cashups[0]);
    };
    await served('koha', use, '--office', `sqlite:${file}`, '--tills', 'CIRC=CPL', 'KIDS=MPL');
  });
});

describe('serve folio', () => {
  it('answers clients that have logged in with the key, with the fees of patrons who have an account', async () => {
    vi.stubEnv('PATRON_FEES_KEY', 'secret');
    await served('folio', async (port) => {
      const address = `http://127.0.0.1:${port}`;
      const login = (password: string) =>
        fetch(`${address}/authn/login`, {
          method: 'POST',
          body: JSON.stringify({ username: 'a', password }),
        });
      expect((await login('wrong')).status).toBe(422);
      const token = (await login('secret')).headers.get('x-okapi-token') ?? '';
      const found = async (path: string, headers: Record<string, string> = { 'x-okapi-token': token }) =>
        (await fetch(`${address}/${path}`, { headers })).json() as Promise<{
          users: { id: string }[];
          totalRecords: number;
        }>;
      const [user] = (await found('users?query=barcode==u17')).users;
      expect((await found(`accounts?query=userId==${user?.id}`)).totalRecords).toBe(2);
      expect((await found('users?query=barcode==u99')).totalRecords).toBe(0);
      expect((await found('users?query=barcode==u18&apikey=secret', {})).totalRecords).toBe(1);
      expect((await fetch(`${address}/owners?apikey=wrong`)).status).toBe(401);
    });
  });
});

describe('serve sip2', () => {
  it('answers terminals that have logged in with the key', async () => {
    vi.stubEnv('PATRON_FEES_KEY', 'secret');
    await served('sip2', async (port) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      const ask = async (message: string) => {
        socket.write(`${message}\r`);
        return (await once(socket, 'data'))[0] as string;
      };
      expect(await ask('9300CNany|COwrong|')).toMatch(/^940/);
      expect(await ask('9300CNany|COsecret|')).toMatch(/^941/);
      const status = await ask('63001202603020900000000   Y       AOnorth|AAu18|');
      expect(status).toMatch(/^64.*\|AAu18\|/);
      expect(status).toContain('|BV11.00|');
      socket.destroy();
    });
  });
});

it('reports invalid arguments before it listens', async () => {
  const store = await filledStore();
  const run = async (...words: string[]) => (await runInMemory(['serve', ...words])).errors;
  expect(await run('z3950', store, '--institution', 'north')).toContain(
    'z3950: expected alma, koha, folio or sip2.',
  );
  expect(await run('alma', store)).toContain('--institution');
  expect(await run('alma', store, '--institution', 'north', '--port', '70000')).toContain(
    '--port 70000: expected a number from 0 to 65535.',
  );
  expect(await run('sip2', 'sqlite:/nowhere.db', '--institution', 'north')).toContain(
    'there is no such file',
  );
  const tills = async (protocol: string, ...words: string[]) =>
    run(protocol, store, '--institution', 'north', ...words);
  expect(await tills('alma', '--tills', 'CIRC=CPL')).toContain('only clients of Koha have cash registers');
  expect(await tills('koha', '--tills', 'CIRC=CPL')).toContain('go together');
  expect(await tills('koha', '--office', store)).toContain('go together');
  expect(await tills('koha', '--office', store, '--tills', 'CIRC')).toContain('CIRC: expected TILL=LIBRARY');
  expect(await tills('koha', '--office', 'sqlite:/nowhere.db', '--tills', 'A=B')).toContain('no such file');
});

it('refuses an empty key, which every client could send', async () => {
  vi.stubEnv('PATRON_FEES_KEY', '');
  const { exitCode, errors } = await runInMemory([
    'serve',
    'alma',
    await filledStore(),
    '--institution',
    'north',
  ]);
  expect([exitCode, errors]).toEqual([2, expect.stringContaining('PATRON_FEES_KEY is empty')]);
});

it('generates a key if the environment has none, and prints it', async () => {
  vi.stubEnv('PATRON_FEES_KEY', undefined);
  const controller = new AbortController();
  const { terminal, written } = memoryTerminal({ signal: controller.signal });
  const ended = runCli(
    ['serve', 'alma', await filledStore(), '--institution', 'north', '--port', '0'],
    terminal,
  );
  await vi.waitUntil(() => written.errors !== '', { timeout: 600_000 });
  controller.abort();
  expect(await ended).toBe(0);
  expect(written.errors).toMatch(/^The key of clients \(apikey\): [\da-f-]{36}\. PATRON_FEES_KEY/);
});
