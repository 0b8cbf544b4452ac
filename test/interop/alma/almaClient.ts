import { type Command, definePolicy } from '../../../src/index.js';
import { type AlmaFeesHandlerOptions, almaFeesHandler } from '../../../src/interop/alma/index.js';
import { type Answer, charges as chargesOf, doorClient, doorOptions } from '../doorClient.js';

export { type Answer, at } from '../doorClient.js';

export const policy = definePolicy({ currency: 'USD', creditReasons: { API: 'By the API' } });

/** The codes of the errors of a response. */
export function codesOf({ json }: Pick<Answer, 'json'>): string[] {
  return json.errorList.error.map(({ errorCode }: { errorCode: string }) => errorCode);
}

/** Commands that charge fees. */
export const charges = (...fees: readonly (readonly [id: string, amount: string])[]) =>
  chargesOf('MAIN', ...fees);

/** Creates a handler over the account of dverma, and a client that speaks JSON. */
export async function almaClient(
  commands: readonly Command[],
  options: Partial<AlmaFeesHandlerOptions> = {},
) {
  const { options: base, errors } = doorOptions(policy);
  const handler = almaFeesHandler({
    ...base,
    patron: ({ userId }) => (userId === 'dverma' ? { patronId: 'p1', primaryId: 'dverma' } : undefined),
    ...options,
  });
  const client = await doorClient(base, commands, handler, 'https://alma.example/almaws/v1/users/');
  const send = (path: string, init: RequestInit = {}) =>
    client.send(path, { ...init, headers: { accept: 'application/json', ...(init.headers as object) } });
  return {
    ...client,
    errors,
    send,
    get: send,
    post: (path: string, init?: RequestInit) => send(path, { method: 'POST', ...init }),
    create: (fee: unknown) =>
      send('dverma/fees', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fee),
      }),
  };
}
