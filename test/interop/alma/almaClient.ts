import { execute, loadAccount, memoryEventStore } from '../../../src/history/index.js';
import { type Command, definePolicy } from '../../../src/index.js';
import { type AlmaFeesHandlerOptions, almaFeesHandler } from '../../../src/interop/alma/index.js';

export const at = '2026-03-02T09:00:00Z';

export const policy = definePolicy({ currency: 'USD', creditReasons: { API: 'By the API' } });

/** A response, read. */
export type Answer = {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a client reads JSON of any shape
  readonly json: any;
};

/** The codes of the errors of a response. */
export function codesOf({ json }: Answer): string[] {
  return json.errorList.error.map(({ errorCode }: { errorCode: string }) => errorCode);
}

/** Commands that charge fees. */
export function charges(...fees: readonly (readonly [id: string, amount: string])[]): Command[] {
  return fees.map(([id, amount]) => {
    return { type: 'AssessFee', id, feeType: 'OVERDUEFINE', amount, owner: 'MAIN', at };
  });
}

/** Creates a handler over the account of dverma, and a client that speaks JSON. */
export async function almaClient(
  commands: readonly Command[],
  options: Partial<AlmaFeesHandlerOptions> = {},
) {
  const store = memoryEventStore({ now: () => at });
  const stream = { institution: 'NORTH', patronId: 'p1' };
  await execute(store, policy, stream, commands);
  let ids = 0;
  const errors: unknown[] = [];
  const handler = almaFeesHandler({
    store,
    policy,
    institution: 'NORTH',
    now: () => at,
    newId: () => `id-${++ids}`,
    patron: ({ userId }) => (userId === 'dverma' ? { patronId: 'p1', primaryId: 'dverma' } : undefined),
    onError: (error) => errors.push(error),
    ...options,
  });
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { accept: 'application/json', ...(init.headers as Record<string, string>) };
    const response = await handler(
      new Request(`https://alma.example/almaws/v1/users/${path}`, { ...init, headers }),
    );
    const text = await response.text();
    const type = response.headers.get('content-type');
    return {
      status: response.status,
      type,
      text,
      json: type?.includes('json') ? JSON.parse(text) : undefined,
    };
  };
  return {
    handler,
    store,
    stream,
    errors,
    send,
    get: (path: string, init?: RequestInit) => send(path, init),
    post: (path: string, init?: RequestInit) => send(path, { method: 'POST', ...init }),
    create: (fee: unknown) =>
      send('dverma/fees', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fee),
      }),
    account: async () => (await loadAccount(store, stream)).account,
  };
}
