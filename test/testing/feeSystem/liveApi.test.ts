import { describe, expect, it } from 'vitest';
import { amountOfJson, liveApi, scrubbed } from '../../../src/testing/feeSystem/liveApi.js';

it('sends no more requests per second than allowed', async () => {
  const times: number[] = [];
  const fetch = async () => {
    times.push(performance.now());
    return Response.json({});
  };
  const api = liveApi('https://test.example/', () => ({}), { requestsPerSecond: 20, fetch });
  await Promise.all(Array.from({ length: 5 }, () => api.ask('GET', '/a')));
  // Timers may end up to a millisecond early.
  expect((times[4] as number) - (times[0] as number)).toBeGreaterThan(195);
});

it('returns refusals, and rejects for failures, with no credentials in the error', async () => {
  const answering = (status: number) =>
    liveApi('https://test.example', () => ({ authorization: 'Basic secret' }), {
      requestsPerSecond: 1_000,
      fetch: async () => new Response('{"error":"no"}', { status }),
    });
  for (const status of [200, 400, 409, 422])
    expect((await answering(status).attempt('GET', '/a')).status).toBe(status);
  await expect(answering(422).ask('GET', '/a')).rejects.toThrow('GET /a answered 422: {"error":"no"}');
  for (const status of [401, 404, 429, 500])
    await expect(answering(status).attempt('GET', '/a')).rejects.toThrow(`GET /a answered ${status}`);
  const down = liveApi('https://test.example', () => ({}), {
    fetch: () => Promise.reject(new Error('refused')),
  });
  await expect(down.ask('GET', '/a')).rejects.toThrow('GET /a: no answer: refused');
});

describe('a token that has expired', () => {
  /** A system that knows one token, and gives it to whoever logs in. */
  const systemOf = (answers: { readonly login: number; readonly known: string }) => {
    const asked: string[] = [];
    let token = 'old';
    const headers = () => (token === '' ? {} : { authorization: `Bearer ${token}` });
    const logIn = async () => {
      token = '';
      await api.ask('POST', '/login', new URLSearchParams({ secret: 'x' }));
      token = 'new';
    };
    const fetch = async (request: Request) => {
      const { pathname } = new URL(request.url);
      const sent = request.headers.get('authorization');
      asked.push(`${pathname} ${sent} ${await request.text()}`);
      if (pathname === '/login') return Response.json({}, { status: answers.login });
      return Response.json({}, { status: sent === answers.known ? 201 : 401 });
    };
    const api = liveApi('https://test.example', headers, { requestsPerSecond: 1_000, fetch }, logIn);
    return { api, asked };
  };

  it('is renewed once, and the refused request is sent again', async () => {
    const { api, asked } = systemOf({ login: 201, known: 'Bearer new' });
    expect((await api.attempt('POST', '/pay', { amount: 1 })).status).toBe(201);
    expect((await api.attempt('GET', '/a')).status).toBe(201);
    expect(asked).toEqual([
      '/pay Bearer old {"amount":1}',
      '/login null secret=x',
      '/pay Bearer new {"amount":1}',
      '/a Bearer new ',
    ]);
  });

  it.each([
    [{ login: 201, known: 'another' }, 'POST /pay answered 401', 3],
    [{ login: 401, known: 'another' }, 'POST /login answered 401', 2],
  ])('is not renewed again and again: %j', async (answers, message, requests) => {
    const { api, asked } = systemOf(answers);
    await expect(api.attempt('POST', '/pay', {})).rejects.toThrow(message);
    expect(asked).toHaveLength(requests);
  });
});

it('removes texts that may be about a person', () => {
  const user = {
    id: '6f36265e-722a-490a-b436-806e63af2ea7',
    barcode: '4711',
    personal: { lastName: 'Verma' },
    active: true,
  };
  const fee = { amount: 5, status: { name: 'Open' }, created: '2026-03-02T09:00:00Z', okapiToken: '123' };
  expect(scrubbed([user, fee, null])).toEqual([
    { ...user, barcode: '…', personal: { lastName: '…' } },
    { ...fee, okapiToken: '…' },
    null,
  ]);
});

it.each([
  [2.55, '2.55'],
  [0.1 + 0.2, '0.30'],
  [0.005, '0.005'],
  ['1', '1'],
  [undefined, 'undefined'],
])('amountOfJson writes %s as %s', (value, text) => {
  expect(amountOfJson(value, 2)).toBe(text);
});
