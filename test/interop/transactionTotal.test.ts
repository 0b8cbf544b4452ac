import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp } from '../../examples/servers/serveHttp.js';
import type { Command } from '../../src/index.js';
import { assess } from '../support/account.js';
import { almaClient } from './alma/almaClient.js';

type Row = { readonly id: string; readonly balance: number; readonly type: { readonly value: string } };

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

describe('a page that pays the fees of its list and posts the rest (Finna), over HTTP', () => {
  const fees: Command[] = [
    assess('f1', '5.00'),
    assess('f2', '5.00'),
    assess('lost', '60.00', { feeType: 'LOSTITEMREPLACEMENTFEE' }),
  ];

  it.each([
    ['records 10.00 of 10.00 with the total, although an answer is lost', () => '10.00', [500, 500]],
    ['records 15.00 of 10.00 without the total', () => undefined, [500, 500, 500]],
  ])('%s', async (_, transactionTotal, expected) => {
    const { handler, account } = await almaClient(fees, { transactionTotal });
    let calls = 0;
    const server = await serveHttp(
      async (request) => {
        const response = await handler(request);
        if (request.method === 'POST' && ++calls === 1) throw new Error('the answer is lost');
        return response;
      },
      // Longer than any machine needs.
      { requestTimeoutMs: 1_200_000, idleTimeoutMs: 1_200_000 },
    );
    opened.push(server.close);
    const address = `http://127.0.0.1:${server.port}/almaws/v1/users/dverma/fees`;
    const headers = { accept: 'application/json' };
    const payAll = async () => {
      const { fee = [] } = (await (await fetch(address, { headers })).json()) as { fee?: Row[] };
      const online = fee.filter(({ type }) => type.value !== 'LOSTITEMREPLACEMENTFEE');
      let left = 10;
      const post = async (name: string, amount: number) => {
        const query = `op=pay&amount=${amount}&method=ONLINE&external_transaction_id=X9`;
        const { status } = await fetch(`${address}/${name}?${query}`, { method: 'POST', headers });
        left -= amount;
        return status === 200;
      };
      for (const { id, balance } of online) if (!(await post(id, Math.min(balance, left)))) return false;
      return left === 0 || post('all', left);
    };
    expect([await payAll(), await payAll()]).toEqual([false, true]);
    expect((await account()).payments.map(({ amount }) => amount)).toEqual(expected);
  });
});
