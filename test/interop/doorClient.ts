import { execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import type { Command, FeePolicy } from '../../src/index.js';

export const at = '2026-03-02T09:00:00Z';

/** A response, read. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a client reads JSON of any shape
  readonly json: any;
};

type Handler = (request: Request) => Promise<Response>;

/** Commands that charge overdue fines. */
export function charges(
  owner: string,
  ...fees: readonly (readonly [id: string, amount: string])[]
): Command[] {
  return fees.map(([id, amount]) => ({ type: 'AssessFee', id, feeType: 'OVERDUEFINE', amount, owner, at }));
}

/** What every handler of a test shares. */
export function doorOptions(policy: FeePolicy) {
  let ids = 0;
  const errors: unknown[] = [];
  return {
    errors,
    options: {
      store: memoryEventStore({ now: () => at }),
      policy,
      institution: 'NORTH',
      now: () => at,
      newId: () => `id-${++ids}`,
      onError: (error: unknown) => void errors.push(error),
    },
  };
}

/**
 * Executes commands on an account, and creates a client of a handler over it.
 *
 * @param faultOf - says what is wrong with an answer to a method and a path: then `send` throws
 */
export async function doorClient(
  { store, policy, institution }: ReturnType<typeof doorOptions>['options'],
  commands: readonly Command[],
  handler: Handler,
  address: string,
  patronId = 'p1',
  faultOf: (asked: string, answer: Answer) => string | undefined = () => undefined,
) {
  const stream = { institution, patronId };
  await execute(store, policy, stream, commands);
  const send = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await handler(new Request(`${address}${path}`, init));
    const { status, headers } = response;
    const text = await response.text();
    const isJson = headers.get('content-type')?.includes('json') === true;
    const answer = { status, headers, text, json: isJson ? JSON.parse(text) : undefined };
    const asked = `${init?.method ?? 'GET'} ${path.split('?')[0]}`;
    const fault = faultOf(asked, answer);
    if (fault !== undefined) throw new Error(`${asked} answered ${status}: ${fault}: ${text}`);
    return answer;
  };
  return {
    handler,
    store,
    stream,
    send,
    post: (path: string, body: unknown) =>
      send(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    account: async () => (await loadAccount(store, stream)).account,
  };
}
