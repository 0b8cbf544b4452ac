import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { PatronFeesError } from '../../errors.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions } from '../checkedArguments.js';
import type { FeeSystem, FeeSystemFee } from './feeSystem.js';
import { checkedTestSystem, type LiveOptions, limitedRate, scrubbed } from './liveApi.js';
import { PROTOCOL, type RemoteFeeSystem, shownReply } from './remoteFeeSystem.js';

/** A patron of a test system, whose fees are charged by other means than SIP2. */
export type ChargedPatron = Pick<FeeSystem, 'assess' | 'release'> & {
  /** The patron's identifier (`AA`), as terminals scan it. */
  readonly patron: string;
};

/** Options of {@link sip2FeeSystem}. */
export type Sip2FeeSystemOptions = Omit<LiveOptions, 'fetch'> & {
  /** The host and the port of the SIP2 server, such as `test.koha.example:6001`. */
  readonly address: string;
  /**
   * What makes a patron who owes nothing, and charges fees, because SIP2 does neither: an Alma, a Koha or a FOLIO, as
   * {@link almaFeeSystem}, {@link kohaFeeSystem} and {@link folioFeeSystem} return it, or functions of your own.
   */
  readonly charging: {
    /** Makes a patron who owes nothing. */
    readonly open: () => Promise<ChargedPatron>;
    /** Called by `close` of the system. */
    readonly close?: () => Promise<void>;
  };
  /**
   * The code of the institution (`AO`).
   *
   * @defaultValue empty
   */
  readonly institution?: string;
  /**
   * The location of the terminal (`CP` of the login).
   *
   * @defaultValue none
   */
  readonly location?: string;
  /**
   * The payment type of Fee Paid: two digits.
   *
   * @defaultValue `'00'`: cash
   */
  readonly paymentType?: string;
  /**
   * Reads the fee and its amount from a fine item (`AV`); returns undefined for any other text.
   *
   * @defaultValue reads `f1 $2.50 ...` and `Charge-Number: f1, Amount-Due: 2.50, ...`
   */
  readonly fineItem?: (text: string) => FeeSystemFee | undefined;
};

/**
 * Compares a library system, as terminals use it over SIP2, with this library: for {@link feeSystemConformance} and
 * {@link compareFeeSystem}. It lists fees (Patron Information with fine items, 63/64) and pays one fee at a time (Fee
 * Paid with `CG`, 37/38); SIP2 has nothing else, so `charging` makes patrons and charges their fees by other means. The
 * fine items have to name their fees.
 *
 * Each story has a patron and a connection of its own. If `SIP2_USER` is in the environment, the connection logs in with it
 * and `SIP2_PASSWORD`. Every payment has an id (`BK`) that no other one has.
 *
 * @param options - the address, what charges fees, and the policy
 * @returns the system: `open` for the suite; `close` closes what charges fees
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the address has no port, or the host no
 * `test` in its name
 *
 * @example
 * ```ts
 * import { sip2FeeSystem } from 'patron-fees/testing';
 *
 * const charging = { open: () => Promise.reject(new Error('makes a patron')) };
 * const refused = await sip2FeeSystem({ address: 'sip.example:6001', charging }).catch((error: Error) => error.message);
 * String(refused).includes('the host sip.example: expected a name with "test"'); //=> true
 * ```
 */
export async function sip2FeeSystem(options: Sip2FeeSystemOptions): Promise<RemoteFeeSystem> {
  const { address, charging, requestsPerSecond = 10, replyTimeoutMs = 10_000 } = checkedOptions(options);
  const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(address) ?? [];
  if (port === '') throw new PatronFeesError('INVALID_ARGUMENT', `address ${address}: expected HOST:PORT`);
  checkedTestSystem('host', host, options);
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  checkedCount('replyTimeoutMs', replyTimeoutMs);
  const turn = limitedRate(requestsPerSecond);
  return {
    description: { protocol: PROTOCOL, name: 'SIP2', capabilities: [] },
    open: async () => {
      const line = await connected({ host, port: Number(port) }, replyTimeoutMs);
      try {
        const ask = asking(line.ask, turn, options);
        await logIn(ask, options);
        return await opened(ask, line.close, options, policy);
      } catch (error) {
        line.close();
        throw error;
      }
    },
    close: async () => charging.close?.(),
  };
}

/** Connects to a server. A message is sent when the last one is answered. */
async function connected(where: { readonly host: string; readonly port: number }, replyTimeoutMs: number) {
  const socket = connect(where);
  const close = () => void socket.destroy();
  // Who waits for a response gets it; between responses, nobody does.
  socket.on('error', close);
  socket.on('timeout', () => socket.destroy(new Error(`none within ${replyTimeoutMs} ms`)));
  const answered = async <Answer>(what: string, answer: () => Promise<Answer>) => {
    socket.setTimeout(replyTimeoutMs);
    try {
      return await answer();
    } catch (error) {
      throw new Error(`${what}: no answer: ${(error as Error).message}`, { cause: error });
    } finally {
      socket.setTimeout(0);
    }
  };
  await answered(`${where.host}:${where.port}`, () => once(socket, 'connect'));
  const pieces: AsyncIterator<string> = socket.setEncoding('utf8')[Symbol.asyncIterator]();
  const ask = (message: string) =>
    answered(message.slice(0, 2), async () => {
      socket.write(`${message}\r`);
      let text = '';
      while (!/[^\r\n][\r\n]/.test(text)) {
        const { done, value } = await pieces.next();
        if (done === true) throw new Error('the server closed the connection');
        text += value;
      }
      return text.trim();
    });
  return { ask, close };
}

/** A response: its code and fixed part, and its fields. */
type Answer = { readonly head: string; readonly fields: ReadonlyMap<string, readonly string[]> };

/** Sends a message, and returns the response, which has to begin with a code. */
type Ask = (message: string, fields: Fields, expected: string) => Promise<Answer>;

type Fields = Readonly<Record<string, string>>;

/** The fields of a response begin behind so many characters. */
const heads: Readonly<Record<string, number>> = { '94': 3, '64': 61, '38': 21 };

/** Fields that are about a person, or secret. */
const personal: ReadonlySet<string> = new Set(['AA', 'AC', 'AD', 'AE', 'CN', 'CO']);

function asking(
  send: (message: string) => Promise<string>,
  turn: () => Promise<void>,
  { record }: Sip2FeeSystemOptions,
): Ask {
  return async (message, sent, expected) => {
    await turn();
    const written = Object.entries(sent).map(([id, value]) => `${id}${value.replace(/[|\r\n]/g, ' ')}|`);
    const text = await send(message + written.join(''));
    const head = text.slice(0, heads[expected]);
    const fields = new Map<string, string[]>();
    for (const field of text.slice(head.length).split('|'))
      fields.set(field.slice(0, 2), [...(fields.get(field.slice(0, 2)) ?? []), field.slice(2)]);
    const [path, status] = [message.slice(0, 2), Number(text.slice(0, 2))];
    const received = { head, ...shown([...fields].filter(([id]) => id !== '')) };
    record?.({
      method: 'SIP2',
      path,
      sent: { head: message, ...shown(Object.entries(sent)) },
      status,
      received,
    });
    if (head.startsWith(expected)) return { head, fields };
    throw new Error(`${path} was answered ${shownReply(text)}: expected ${expected}`);
  };
}

/** Returns fields without what is about a person. */
function shown(fields: readonly (readonly [id: string, value: unknown])[]): object {
  return Object.fromEntries(fields.map(([id, value]) => [id, personal.has(id) ? '…' : scrubbed(value)]));
}

async function logIn(ask: Ask, { environment = process.env, location }: Sip2FeeSystemOptions): Promise<void> {
  const { SIP2_USER: user, SIP2_PASSWORD: password = '' } = environment;
  if (user === undefined) return;
  const { head } = await ask('9300', { CN: user, CO: password, ...(location && { CP: location }) }, '94');
  if (head !== '941') throw new Error('the server refused the login of SIP2_USER');
}

/** The forms of fine items that name their fee. */
const forms = [
  /^(?<feeId>\S+) \$?(?<owed>\d+(?:\.\d+)?)(?= |$)/,
  /^Charge-Number: (?<feeId>[^,]+), Amount-Due: (?<owed>[\d.]+)(?=,|$)/,
];

function readFineItem(text: string): FeeSystemFee | undefined {
  const groups = forms.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  return groups as FeeSystemFee | undefined;
}

/** Makes a patron, and returns the patron's fees as a terminal has them. */
async function opened(
  ask: Ask,
  disconnect: () => void,
  { charging, institution = '', paymentType = '00', fineItem = readFineItem }: Sip2FeeSystemOptions,
  { currency }: FeePolicy,
): Promise<FeeSystem> {
  const { patron, assess, release } = await charging.open();
  const identity = { AO: institution, AA: patron };
  const zero = formatAmount(0, digitsOf(currency));
  /** The fees' own ids, by ours. */
  const ids = new Map<string, string>();
  const story = randomUUID();
  const listed = async () => {
    const { fields } = await ask(`63001${time()}   Y      `, identity, '64');
    const items = (fields.get('AV') ?? []).map((text) => {
      const item = fineItem(text);
      if (item === undefined) throw new Error(`AV ${text}: expected the fee and its amount`);
      return item;
    });
    return { owedOf: new Map(items.map(({ feeId, owed }) => [feeId, owed])), owed: fields.get('BV')?.[0] };
  };
  return {
    async assess(request) {
      const answer = await assess(request);
      if (!answer.accepted) return answer;
      const known = new Set(ids.values());
      // A fee has another id here than there, and is found as the one that is new.
      const added = [...(await listed()).owedOf.keys()].filter((id) => !known.has(id));
      if (added.length !== 1)
        throw new Error(`${added.length} new fine items, expected the fee ${request.id}`);
      ids.set(request.id, added[0] as string);
      return answer;
    },
    async pay({ id, feeIds: [feeId = ''], amount }) {
      const payment = { CG: ids.get(feeId) ?? 'none', BK: `${story}-${id}` };
      const message = `37${time()}01${paymentType}${currency}`;
      const { head, fields } = await ask(message, { BV: amount, ...identity, ...payment }, '38');
      if (head[2] === 'Y') return { accepted: true };
      return { accepted: false, reason: (fields.get('AF') ?? []).join(' ').slice(0, 200) };
    },
    async balances() {
      const { owedOf, owed } = await listed();
      const fees = [...ids].map(([feeId, id]) => ({ feeId, owed: owedOf.get(id) ?? zero }));
      return { fees, ...(owed === undefined ? {} : { owed }) };
    },
    async release() {
      disconnect();
      await release?.();
    },
  };
}

/** The current time in UTC, as terminals write it. */
function time(): string {
  const digits = new Date().toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}   Z${digits.slice(8, 14)}`;
}
