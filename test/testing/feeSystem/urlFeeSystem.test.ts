import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveHttp } from '../../../examples/servers/serveHttp.js';
import { compareFeeSystem, urlFeeSystem } from '../../../src/testing/index.js';

/** As long as any machine needs for an answer. */
const patience = { replyTimeoutMs: 600_000 };

let close: () => Promise<void> = async () => {};
afterEach(() => close());

/** Serves replies, and returns the address. */
async function served(reply: (message: { readonly id: number; readonly do: string }) => Response) {
  const server = await serveHttp(async (request) => reply((await request.json()) as never), {
    requestTimeoutMs: patience.replyTimeoutMs,
    idleTimeoutMs: patience.replyTimeoutMs,
  });
  close = server.close;
  return `http://127.0.0.1:${server.port}/fees`;
}

describe('a fee system over HTTP', () => {
  it('gets each message by POST', async () => {
    const seen: string[] = [];
    const url = await served(({ id, do: name }) => {
      seen.push(`${id} ${name}`);
      if (name === 'describe')
        return Response.json({ id, protocol: 1, name: 'web', capabilities: ['waive'] });
      return Response.json({ id, ok: true, accepted: true, balances: { fees: [] } });
    });
    const system = await urlFeeSystem(url, patience);
    const one = await system.open();
    expect(await one.waive?.({ id: 'w1', feeId: 'f1', amount: '1.00' })).toMatchObject({ accepted: true });
    expect(await one.balances()).toEqual({ fees: [] });
    await system.close();
    expect(seen).toEqual(['1 describe', '2 reset', '3 waive', '4 balances']);
  });

  it('is refused if it declares an unknown capability, and fails if its amounts are numbers', async () => {
    let capabilities = ['wavie'];
    const url = await served(({ id, do: name }) =>
      name === 'describe'
        ? Response.json({ id, protocol: 1, name: 'web', capabilities })
        : Response.json({ id, ok: true, accepted: true, balances: { fees: [{ feeId: 'f1', owed: 0.3 }] } }),
    );
    await expect(urlFeeSystem(url, patience)).rejects.toThrow(/found wavie; did you mean waive\?$/);
    capabilities = [];
    const { cases } = await compareFeeSystem(await urlFeeSystem(url, patience), { runs: 5, seed: 1 });
    expect(cases[0]?.difference).toContain('fees[0].owed: expected a text like "5.00", found 0.3');
  });

  it('that does not answer has failed, and the cause is named', async () => {
    const url = await served(() => Response.json({}));
    await close();
    close = async () => {};
    await expect(urlFeeSystem(url)).rejects.toThrow(`${url} does not answer: connect ECONNREFUSED 127.0.0.1`);
    const fetching = vi.spyOn(globalThis, 'fetch');
    const failed = (error: Error) => {
      fetching.mockRejectedValueOnce(error);
      return urlFeeSystem('http://fees/').catch(({ message }: Error) => message);
    };
    // As Node fails for a name with several addresses.
    const several = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(await failed(new TypeError('fetch failed', { cause: several }))).toBe(
      'http://fees/ does not answer: ECONNREFUSED',
    );
    expect(await failed(new Error('too slow'))).toBe('http://fees/ does not answer: too slow');
    fetching.mockRestore();
  });

  it('has failed if the status is not 200, or the reply is not JSON', async () => {
    const url = await served(({ id, do: name }) => {
      if (name === 'describe') return Response.json({ id, protocol: 1, name: 'web', capabilities: [] });
      return name === 'reset' ? new Response('busy', { status: 503 }) : new Response('Hello');
    });
    const system = await urlFeeSystem(url, patience);
    await expect(system.open()).rejects.toThrow(`${url} answered 503: busy`);
  });
});
