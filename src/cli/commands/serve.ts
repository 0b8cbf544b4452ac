import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { FeePolicy } from 'patron-fees';
import { almaFeesHandler } from 'patron-fees/alma';
import { folioFeesHandler } from 'patron-fees/folio';
import { type KohaTill, kohaAccountHandler } from 'patron-fees/koha';
import { sip2Service } from 'patron-fees/sip2';
import { isSecret } from '../../../examples/servers/isSecret.js';
import { serveHttp } from '../../../examples/servers/serveHttp.js';
import { serveSip2 } from '../../../examples/servers/serveSip2.js';
import { openOffice, openToAppend } from '../openStore.js';
import { type PolicyOptions, readPolicy } from '../policyFile.js';
import { CliError, type ExitCode, print, report, type Terminal } from '../terminal.js';

/** Options of `serve`. */
export type ServeOptions = PolicyOptions & {
  readonly institution: string;
  /** The store of the keys of its texts. */
  readonly keys?: string;
  readonly port?: string;
  readonly host: string;
  /** The store of the office, and its tills with their libraries: `till=library`. */
  readonly office?: string;
  readonly tills?: readonly string[];
};

/** Where the key of clients and the password of terminals are read from: an argument could be seen by every user. */
const SECRET = 'PATRON_FEES_KEY';

/** What is served: the usual port, the address that is printed, and what the key is to clients. */
const protocols = {
  alma: { port: 8080, shown: "Alma's API on http://HOST/almaws/v1", key: 'The key of clients (apikey)' },
  koha: {
    port: 8081,
    shown: "Koha's API on http://HOST/api/v1",
    key: 'The secret of clients, whatever their id',
  },
  folio: {
    port: 8082,
    shown: "FOLIO's API on http://HOST",
    key: 'The password of clients, whatever their name, and their apikey',
  },
  sip2: { port: 6001, shown: 'SIP2 on HOST', key: 'The password of terminals, whatever their name' },
} as const;

function isProtocol(protocol: string): protocol is keyof typeof protocols {
  return Object.hasOwn(protocols, protocol);
}

/**
 * Serves the accounts of a store to clients of Alma, Koha or FOLIO or to SIP2 terminals, until it is interrupted. It knows patrons by
 * the ids of their accounts, and nobody else.
 */
export async function serve(
  terminal: Terminal,
  protocol: string,
  address: string,
  options: ServeOptions,
): Promise<ExitCode> {
  if (!isProtocol(protocol)) throw new CliError(`${protocol}: expected alma, koha, folio or sip2.`);
  const said = protocols[protocol];
  const { institution, host } = options;
  const port = Number(options.port ?? said.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CliError(`--port ${options.port}: expected a number from 0 to 65535.`);
  const tills = tillsOf(protocol, options);
  const policy = await readPolicy(options);
  const own = process.env[SECRET];
  if (own === '') throw new CliError(`${SECRET} is empty: expected a key, or no such variable.`);
  const key = own ?? randomUUID();
  const isKey = (given: string | null | undefined) => isSecret(given, key);
  const { store, close } = await openToAppend(address, false, options.keys);
  const office =
    options.office === undefined
      ? undefined
      : await openOffice(options.office).catch(async (error) => {
          await close();
          throw error;
        });
  try {
    const exists = async (patronId: string) =>
      (await store.read({ institution, patronId }, { limit: 1 })).version > 0;
    const service = { store, policy, institution, now: () => new Date(), newId: () => randomUUID() };
    const onError = (error: unknown) => report(terminal, String(error));
    const known = async (patronId: string) => ((await exists(patronId)) ? { patronId } : undefined);
    const token = { accessToken: randomUUID(), expiresIn: 86_400 };
    const serving = {
      alma: () =>
        serveHttp(
          almaFeesHandler({
            ...service,
            authorize: ({ apiKey }) => isKey(apiKey),
            patron: ({ userId }) => known(userId),
            onError,
          }),
          { port, host },
        ),
      koha: () =>
        serveHttp(
          kohaAccountHandler({
            ...service,
            token: ({ clientSecret }) => (isKey(clientSecret) ? token : undefined),
            authorize: ({ credentials }) =>
              credentials !== undefined &&
              ('token' in credentials
                ? isSecret(credentials.token, token.accessToken)
                : isKey(credentials.password)),
            patron: ({ patronId }) => known(patronId),
            paymentMethod: paymentMethodOf(policy),
            ...(office === undefined ? {} : { cashRegisters: { office: office.store, tills } }),
            onError,
          }),
          { port, host },
        ),
      folio: () =>
        serveHttp(
          folioFeesHandler({
            ...service,
            login: ({ password }) => (isKey(password) ? token : undefined),
            authorize: (access) => isSecret(access.token, token.accessToken) || isKey(access.apiKey),
            patron: ({ identifier }) => known(identifier),
            onError,
          }),
          { port, host },
        ),
      sip2: () =>
        serveSip2(
          sip2Service({
            ...service,
            login: ({ password }) => (isKey(password) ? {} : undefined),
            // Passwords of patrons are not known here; some terminals need an answer all the same.
            uncheckedPassword: 'N',
            patron: async ({ identifier }) =>
              (await exists(identifier)) ? { patronId: identifier, name: identifier } : undefined,
          }),
          { port, host, onError },
        ),
    };
    const server = await serving[protocol]();
    const shown = `${host.includes(':') ? `[${host}]` : host}:${server.port}`;
    await print(terminal, `${said.shown.replace('HOST', shown)}\n`);
    if (own === undefined) report(terminal, `${said.key}: ${key}. ${SECRET} in the environment sets it.`);
    try {
      if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
    } finally {
      await server.close();
    }
  } finally {
    await office?.close();
    await close();
  }
  return 0;
}

/** Reads the tills that are shown as cash registers. */
function tillsOf(protocol: string, { office, tills = [] }: ServeOptions): readonly KohaTill[] {
  if ((office !== undefined || tills.length > 0) && protocol !== 'koha')
    throw new CliError('--office and --tills: only clients of Koha have cash registers.');
  if ((office === undefined) !== (tills.length === 0))
    throw new CliError('--office STORE and --tills TILL=LIBRARY... go together.');
  return tills.map((pair) => {
    const [till = '', library = '', ...more] = pair.split('=');
    if (till === '' || library === '' || more.length > 0)
      throw new CliError(`--tills ${pair}: expected TILL=LIBRARY.`);
    return { till, library };
  });
}

/** Returns the method of payments that name none: `ONLINE`, or the first of a policy without it. */
function paymentMethodOf({ paymentMethods }: FeePolicy): string {
  const [first = 'ONLINE'] = Object.keys(paymentMethods);
  return Object.hasOwn(paymentMethods, 'ONLINE') ? 'ONLINE' : first;
}
