import { type Command, definePolicy } from '../../../src/index.js';
import { type KohaAccountHandlerOptions, kohaAccountHandler } from '../../../src/interop/koha/index.js';
import { charges as chargesOf, doorClient, doorOptions } from '../doorClient.js';
import { answerFault } from './kohaSchemas.js';

export { at } from '../doorClient.js';

export const policy = definePolicy({ currency: 'EUR', creditReasons: { API: 'By the API' } });

/** Commands that charge fees. */
export const charges = (...fees: readonly (readonly [id: string, amount: string])[]) =>
  chargesOf('CPL', ...fees);

/** Creates a handler over the account of patron 51, and a client. */
export async function kohaClient(
  commands: readonly Command[],
  options: Partial<KohaAccountHandlerOptions> = {},
) {
  const { options: base, errors } = doorOptions(options.policy ?? policy);
  const handler = kohaAccountHandler({
    ...base,
    patron: ({ patronId }) => (patronId === '51' ? { patronId: 'p1' } : undefined),
    reasons: { WRITEOFF: 'OTHER', FORGIVEN: 'OTHER', CREDIT: 'API' },
    ...options,
  });
  const client = await doorClient(base, commands, handler, 'https://koha.example/api/v1/', 'p1', answerFault);
  const { send, post } = client;
  return {
    ...client,
    errors,
    get: (path = 'patrons/51/account') => send(path),
    credit: (body: object) => post('patrons/51/account/credits', body),
    debit: (body: object) => post('patrons/51/account/debits', body),
    /** Returns the numbers of what can be paid. */
    numbers: async (): Promise<number[]> =>
      (await send('patrons/51/account')).json.outstanding_debits.lines.map(
        ({ account_line_id }: { account_line_id: number }) => account_line_id,
      ),
  };
}
