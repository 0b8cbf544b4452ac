import { execute, loadAccount, memoryEventStore } from '../../../src/history/index.js';
import { type Command, definePolicy } from '../../../src/index.js';
import { type KohaAccountHandlerOptions, kohaAccountHandler } from '../../../src/interop/koha/index.js';

export const at = '2026-03-02T09:00:00Z';

export const policy = definePolicy({ currency: 'EUR', creditReasons: { API: 'By the API' } });

/** A response, read. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a client reads JSON of any shape
  readonly json: any;
};

/** Commands that charge fees. */
export function charges(...fees: readonly (readonly [id: string, amount: string])[]): Command[] {
  return fees.map(([id, amount]) => {
    return { type: 'AssessFee', id, feeType: 'OVERDUEFINE', amount, owner: 'CPL', at };
  });
}

/** Creates a handler over the account of patron 51, and a client. */
export async function kohaClient(
  commands: readonly Command[],
  options: Partial<KohaAccountHandlerOptions> = {},
) {
  const store = memoryEventStore({ now: () => at });
  const stream = { institution: 'NORTH', patronId: 'p1' };
  await execute(store, options.policy ?? policy, stream, commands);
  let ids = 0;
  const errors: unknown[] = [];
  const handler = kohaAccountHandler({
    store,
    policy,
    institution: 'NORTH',
    now: () => at,
    newId: () => `id-${++ids}`,
    patron: ({ patronId }) => (patronId === '51' ? { patronId: 'p1' } : undefined),
    reasons: { WRITEOFF: 'OTHER', FORGIVEN: 'OTHER', CREDIT: 'API' },
    onError: (error) => errors.push(error),
    ...options,
  });
  const send = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await handler(new Request(`https://koha.example/api/v1/${path}`, init));
    const { status, headers } = response;
    return { status, headers, json: await response.json() };
  };
  const post = (path: string, body: unknown) =>
    send(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  return {
    handler,
    store,
    stream,
    errors,
    send,
    post,
    get: (path = 'patrons/51/account') => send(path),
    credit: (body: object) => post('patrons/51/account/credits', body),
    debit: (body: object) => post('patrons/51/account/debits', body),
    /** Returns the numbers of what can be paid. */
    numbers: async (): Promise<number[]> =>
      (await send('patrons/51/account')).json.outstanding_debits.lines.map(
        ({ account_line_id }: { account_line_id: number }) => account_line_id,
      ),
    account: async () => (await loadAccount(store, stream)).account,
  };
}
