import { expect, it } from 'vitest';
import { amountOfJson, liveApi, scrubbed } from '../../../src/testing/feeSystem/liveApi.js';

it('sends no more requests in a second than it may', async () => {
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

it('returns refusals, and rejects for failures without the credentials', async () => {
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

it('scrubs texts that may be about a person', () => {
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
