import { type Command, definePolicy } from '../../../src/index.js';
import { type FolioFeesHandlerOptions, folioFeesHandler } from '../../../src/interop/folio/index.js';
import { charges as chargesOf, doorClient, doorOptions } from '../doorClient.js';
import { answerFault } from './folioSchemas.js';

export { at } from '../doorClient.js';

export const policy = definePolicy({ currency: 'USD', destinations: { BURSAR: 'Bursar' } });

/** FOLIO's id of the patron, and the patron's id in the store. */
export const userId = '6f36265e-722a-490a-b436-806e63af2ea7';

/** Commands that charge fees. */
export const charges = (...fees: readonly (readonly [id: string, amount: string])[]) =>
  chargesOf('MAIN', ...fees);

/** The options of the handler; `null` for no libraries. */
type ClientOptions = Partial<Omit<FolioFeesHandlerOptions, 'libraries'>> & {
  readonly libraries?: FolioFeesHandlerOptions['libraries'] | null;
};

/** Creates a handler over the account of a patron, and a client. */
export async function folioClient(
  commands: readonly Command[],
  { libraries = { MAIN: 'Main Library' }, ...options }: ClientOptions = {},
) {
  const { options: base, errors } = doorOptions(options.policy ?? policy);
  const handler = folioFeesHandler({
    ...base,
    patron: ({ identifier, identifierType }) => {
      const isOwn = identifier === userId || (identifierType !== 'id' && identifier === 'dverma');
      return isOwn ? { patronId: userId, details: { username: 'dverma', barcode: '4711' } } : undefined;
    },
    ...(libraries === null ? {} : { libraries }),
    ...options,
  });
  const client = await doorClient(base, commands, handler, 'https://okapi.example/', userId, answerFault);
  const { send, post } = client;
  const find = async (resource: string, query: string, more = '') =>
    send(`${resource}?query=${encodeURIComponent(query)}${more}`);
  /** Returns the ids of the fees that are open. */
  const ids = async (): Promise<string[]> =>
    (await find('accounts', `userId==${userId} and status.name==Open`, '&limit=100')).json.accounts.map(
      ({ id }: { id: string }) => id,
    );
  const usual = {
    notifyPatron: false,
    servicePointId: 'CIRC',
    userName: 'kiosk',
    paymentMethod: 'Credit card',
  };
  return {
    ...client,
    errors,
    find,
    ids,
    /** Does something with a fee, or with several. */
    act: (action: string, fees: string | readonly string[], body: object) =>
      typeof fees === 'string'
        ? post(`accounts/${fees}/${action}`, { ...usual, ...body })
        : post(`accounts-bulk/${action}`, { ...usual, ...body, accountIds: fees }),
  };
}
