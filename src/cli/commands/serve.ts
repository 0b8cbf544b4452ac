import { randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { almaFeesHandler } from 'patron-fees/alma';
import { sip2Service } from 'patron-fees/sip2';
import { serveHttp } from '../../../examples/servers/serveHttp.js';
import { serveSip2 } from '../../../examples/servers/serveSip2.js';
import { openToAppend } from '../openStore.js';
import { type PolicyOptions, readPolicy } from '../policyFile.js';
import { CliError, type ExitCode, print, report, type Terminal } from '../terminal.js';

/** Options of `serve`. */
export type ServeOptions = PolicyOptions & {
  readonly institution: string;
  /** The store of the keys of its texts. */
  readonly keys?: string;
  readonly port?: string;
  readonly host: string;
};

/** Where the key of clients and the password of terminals are read from: an argument could be seen by every user. */
const SECRET = 'PATRON_FEES_KEY';

/**
 * Serves the accounts of a store to clients of Alma or to SIP2 terminals, until it is interrupted. It knows patrons by
 * the ids of their accounts, and nobody else.
 */
export async function serve(
  terminal: Terminal,
  protocol: string,
  address: string,
  options: ServeOptions,
): Promise<ExitCode> {
  if (protocol !== 'alma' && protocol !== 'sip2') throw new CliError(`${protocol}: expected alma or sip2.`);
  const { institution, host } = options;
  const port = Number(options.port ?? (protocol === 'alma' ? 8080 : 6001));
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CliError(`--port ${options.port}: expected a number from 0 to 65535.`);
  const policy = await readPolicy(options);
  const own = process.env[SECRET];
  if (own === '') throw new CliError(`${SECRET} is empty: expected a key, or no such variable.`);
  const key = own ?? randomUUID();
  const isKey = (given: string | null | undefined) => {
    const [a, b] = [Buffer.from(given ?? ''), Buffer.from(key)];
    return a.length === b.length && timingSafeEqual(a, b);
  };
  const { store, close } = await openToAppend(address, false, options.keys);
  try {
    const exists = async (patronId: string) =>
      (await store.read({ institution, patronId }, { limit: 1 })).version > 0;
    const service = { store, policy, institution, now: () => new Date(), newId: () => randomUUID() };
    const onError = (error: unknown) => report(terminal, String(error));
    const server =
      protocol === 'alma'
        ? await serveHttp(
            almaFeesHandler({
              ...service,
              authorize: ({ apiKey }) => isKey(apiKey),
              patron: async ({ userId }) => ((await exists(userId)) ? { patronId: userId } : undefined),
              onError,
            }),
            { port, host },
          )
        : await serveSip2(
            sip2Service({
              ...service,
              login: ({ password }) => (isKey(password) ? {} : undefined),
              // Passwords of patrons are not known here; some terminals need an answer all the same.
              uncheckedPassword: 'N',
              patron: async ({ identifier }) =>
                (await exists(identifier)) ? { patronId: identifier, name: identifier } : undefined,
            }),
            { port, host, onError },
          );
    const shown = host.includes(':') ? `[${host}]` : host;
    await print(
      terminal,
      protocol === 'alma'
        ? `Alma's API on http://${shown}:${server.port}/almaws/v1\n`
        : `SIP2 on ${shown}:${server.port}\n`,
    );
    const what =
      protocol === 'alma' ? 'The key of clients (apikey)' : 'The password of terminals, whatever their name';
    if (own === undefined) report(terminal, `${what}: ${key}. ${SECRET} in the environment sets it.`);
    try {
      if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
    } finally {
      await server.close();
    }
  } finally {
    await close();
  }
  return 0;
}
