import { PatronFeesError } from '../../errors.js';
import { amountFromNumber } from '../../money/amountFromNumber.js';
import { formatAmount } from '../../money/money.js';
import { checkedCount, checkedOptions } from '../checkedArguments.js';
import type { FeeSystem } from './feeSystem.js';
import type { RemoteFeeSystem, RemoteOptions } from './remoteFeeSystem.js';
import { shownReply } from './remoteFeeSystem.js';

/** A request to a live system and its answer, without credentials and without names of people. */
export type RecordedExchange = {
  /** `GET`, `POST` or `DELETE`; `SIP2` for a message of a terminal. */
  readonly method: string;
  /** The path with its query; of a message, its code. */
  readonly path: string;
  /** The body that was sent: numbers, ids and codes; other texts are `…`. Absent without a body. */
  readonly sent?: unknown;
  /** The HTTP status; of a message, the code of the response. */
  readonly status: number;
  /** The answer, likewise. */
  readonly received: unknown;
};

/** Options of {@link almaFeeSystem}, {@link kohaFeeSystem}, {@link folioFeeSystem} and {@link sip2FeeSystem}. */
export type LiveOptions = RemoteOptions & {
  /**
   * How many requests are sent in a second at most.
   *
   * @defaultValue `10`
   */
  readonly requestsPerSecond?: number;
  /**
   * Whether the system may be one that a library works with: its name need not contain `test`.
   *
   * @defaultValue `false`: a tenant or a host without `test` in its name is refused
   */
  readonly mayBeLive?: boolean;
  /**
   * The environment with the credentials. They are never arguments, which other users of the machine could read.
   *
   * @defaultValue that of this process
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Called with each request and its answer, for a report.
   *
   * @defaultValue nothing is recorded
   */
  readonly record?: (exchange: RecordedExchange) => void;
  /**
   * Sends a request.
   *
   * @defaultValue the `fetch` of this process
   */
  readonly fetch?: (request: Request) => Promise<Response>;
};

/** A live system whose stories have patrons of their own. */
export type LiveFeeSystem = Omit<RemoteFeeSystem, 'open'> & {
  /** Begins a story with a new patron, and says how terminals know the patron. */
  readonly open: () => Promise<OpenedFeeSystem>;
};

/** A patron of a live system, with the identifier that terminals scan. */
export type OpenedFeeSystem = FeeSystem & {
  /** The patron's identifier, as a card has it. */
  readonly patron: string;
};

/** An answer, with its JSON; undefined if it has none. */
export type LiveAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of another system; what is read of it is checked where it is used
  readonly json: any;
  readonly text: string;
};

/** Sends requests to the JSON API of a live system. */
export type LiveApi = {
  /** Sends a request. Rejects unless the answer is a success. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<LiveAnswer>;
  /** Sends a request that may be refused: with a status of 400, 409 or 422. Rejects for any other failure. */
  readonly attempt: (method: string, path: string, body?: unknown) => Promise<LiveAnswer>;
};

const REFUSED: readonly number[] = [400, 409, 422];

const CREDENTIALS: readonly string[] = ['authorization', 'x-okapi-token'];

/** Throws if a system may be one that a library works with. */
export function checkedTestSystem(what: string, name: string, { mayBeLive = false }: LiveOptions): void {
  if (mayBeLive || /test/i.test(name)) return;
  const message = `the ${what} ${name}: expected a name with "test", or the option mayBeLive: stories charge and pay fees`;
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}

/** Returns a variable of the environment. Throws if it is missing. */
export function credential(name: string, { environment = process.env }: LiveOptions): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new PatronFeesError('INVALID_ARGUMENT', `${name}: missing in the environment`);
}

/**
 * Returns the API of a system.
 *
 * @param address - the address that paths follow
 * @param headers - returns the headers of each request, with the credentials
 * @param logIn - gets new credentials. What is answered with 401 has not been done: it is sent once more, with these.
 */
export function liveApi(
  address: string,
  headers: () => Readonly<Record<string, string>>,
  options: LiveOptions,
  logIn?: () => Promise<void>,
): LiveApi {
  const { requestsPerSecond = 10, replyTimeoutMs = 10_000, record } = checkedOptions(options);
  const send = options.fetch ?? ((request: Request) => fetch(request));
  checkedCount('replyTimeoutMs', replyTimeoutMs);
  const turn = limitedRate(requestsPerSecond);
  const base = address.replace(/\/$/, '');
  const exchange = async (method: string, path: string, body?: unknown): Promise<LiveAnswer> => {
    await turn();
    const isForm = body instanceof URLSearchParams;
    const request = new Request(base + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(isForm ? {} : { 'content-type': 'application/json' }),
        ...headers(),
      },
      signal: AbortSignal.timeout(replyTimeoutMs),
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const response = await send(request).catch((error: Error) => {
      throw new Error(`${method} ${path}: no answer: ${error.message}`, { cause: error });
    });
    const text = await response.text();
    const json = jsonOf(text);
    const { status } = response;
    record?.({
      method,
      path,
      ...(body === undefined ? {} : { sent: scrubbed(isForm ? Object.fromEntries(body) : body) }),
      status,
      received: scrubbed(json),
    });
    return { status, headers: response.headers, json, text };
  };
  // A login has no credentials yet: what refuses it is not asked again.
  const hasCredentials = () => Object.keys(headers()).some((name) => CREDENTIALS.includes(name));
  const attempt = async (method: string, path: string, body?: unknown): Promise<LiveAnswer> => {
    let answer = await exchange(method, path, body);
    if (answer.status === 401 && logIn !== undefined && hasCredentials()) {
      await logIn();
      answer = await exchange(method, path, body);
    }
    if (answer.status >= 300 && !REFUSED.includes(answer.status)) throw failed(method, path, answer);
    return answer;
  };
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await attempt(method, path, body);
    if (answer.status < 300) return answer;
    throw failed(method, path, answer);
  };
  return { ask, attempt };
}

function failed(method: string, path: string, { status, text }: LiveAnswer): Error {
  return new Error(`${method} ${path} answered ${status}: ${shownReply(text)}`);
}

/** Returns a function that waits until another request may be sent. */
export function limitedRate(requestsPerSecond: number): () => Promise<void> {
  checkedCount('requestsPerSecond', requestsPerSecond);
  let next = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + 1_000 / requestsPerSecond;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Texts that say nothing about a person: amounts, times, ids, and what a field is one of. */
const harmless = /^-?[\d.:TZ+-]{1,40}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const words: ReadonlySet<string> = new Set([
  ...[
    'status',
    'type',
    'credit_type',
    'debit_type',
    'payment_type',
    'library_id',
    'typeAction',
    'feeFineType',
  ],
  ...['paymentMethod', 'errorMessage', 'error', 'message'],
]);

/** Returns JSON without texts that may be credentials or about a person. */
export function scrubbed(value: unknown, field = '', around = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => scrubbed(one, field, around));
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, one]) => [name, scrubbed(one, name, field)] as const);
    return Object.fromEntries(fields);
  }
  if (typeof value !== 'string') return value;
  const isSecret = /token|password|secret|key|card|barcode|phone|birth/i.test(field);
  const isWord =
    words.has(field) ||
    (field === 'name' && /status$/i.test(around)) ||
    (field === 'value' && /^(type|status|owner)$/.test(around));
  return !isSecret && (isWord || harmless.test(value)) ? value : '…';
}

/** Returns a number of JSON as an amount; the number as it is if it has parts of a minor unit. */
export function amountOfJson(value: unknown, digits: number): string {
  const minor = typeof value === 'number' ? amountFromNumber(value, digits) : undefined;
  return minor === undefined ? String(value) : formatAmount(minor, digits);
}
