import { afterEach, expect, it } from 'vitest';
import { type SampleServer, sampleServer } from '../support/sampleServer.js';

let server: SampleServer;
afterEach(() => server.kill());

/** Sends a request to the sample server, and returns its answer. */
async function ask(path: string, headers: Record<string, string>, body?: object) {
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`http://127.0.0.1:${server.port}/${path}`, { headers, ...post });
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) };
}

it('npm run koha gives a token, lists the fees of a patron, and takes a payment', async () => {
  server = await sampleServer('koha', ':memory:', 'k');
  const client = { grant_type: 'client_credentials', client_id: 'c', client_secret: 'k' };
  const address = `http://127.0.0.1:${server.port}/api/v1`;
  const form = { method: 'POST', body: new URLSearchParams(client) };
  const { access_token } = (await (await fetch(`${address}/oauth/token`, form)).json()) as {
    access_token: string;
  };
  const account = 'api/v1/patrons/1/account';
  expect((await ask(account, { authorization: 'Bearer x' })).status).toBe(401);
  const known = { authorization: `Bearer ${access_token}` };
  const { balance, outstanding_debits } = (await ask(account, known)).json;
  const [line, ...others] = outstanding_debits.lines;
  const payment = { credit_type: 'PAYMENT', amount: line.amount_outstanding };
  const lines = { account_lines_ids: [line.account_line_id] };
  expect((await ask(`${account}/credits`, known, { ...payment, ...lines })).status).toBe(201);
  const left = (await ask(account, known)).json;
  expect(left.outstanding_debits.lines).toEqual(others);
  expect(Math.round(100 * (balance - left.balance))).toBe(Math.round(100 * line.amount_outstanding));
  const [register] = (await ask('api/v1/libraries/MAIN/cash_registers', known)).json;
  const cashups = (await ask(`api/v1/cash_registers/${register.cash_register_id}/cashups`, known)).json;
  expect(cashups).toMatchObject([{ amount: 12.29 }]);
});

it('npm run folio logs a client in, lists the fees of a patron, and takes a payment', async () => {
  server = await sampleServer('folio', ':memory:', 'k');
  const login = (password: string) => ask('authn/login', {}, { username: 'any', password });
  expect((await login('x')).status).toBe(422);
  const known = { 'x-okapi-token': (await login('k')).headers.get('x-okapi-token') ?? '' };
  const [user] = (await ask('users?query=username==dverma', known)).json.users;
  const open = `accounts?query=${encodeURIComponent(`userId==${user.id} and status.name==Open`)}`;
  const [account, ...others] = (await ask(open, known)).json.accounts;
  const payment = {
    amount: account.remaining.toFixed(2),
    paymentMethod: 'Credit Card',
    notifyPatron: false,
    servicePointId: 'CIRC',
    userName: 'kiosk',
  };
  expect((await ask(`accounts/${account.id}/pay`, known, payment)).status).toBe(201);
  expect((await ask(open, known)).json).toEqual({ accounts: others, totalRecords: others.length });
});
