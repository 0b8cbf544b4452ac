import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { feePaid } from './feePaid.js';
import { type FoundPatron, findPatron, patronResponse } from './patronResponse.js';
import {
  partsOf,
  readSip2Request,
  type Sip2Request,
  type Sip2Response,
  type Unreadable,
  writeSip2Response,
} from './sip2Message.js';
import {
  type Sip2Answered,
  type Sip2Options,
  type Sip2Settings,
  type Sip2Terminal,
  sip2Settings,
} from './sip2Options.js';

/** The conversation with one terminal. */
export type Sip2Connection = {
  /**
   * Reads a piece of what the terminal sends, however it is cut, and yields the response to each message that it
   * completes. Read all responses of a piece before the next one.
   *
   * Throws the errors of the event store and of your hooks: then close the connection, and the terminal asks again.
   * Nothing that a terminal sends throws.
   */
  readonly receive: (piece: Uint8Array) => AsyncGenerator<Uint8Array, void, void>;
  /**
   * Whether the terminal has logged in; if there is no `login`, whether it has sent anything readable. Give it little
   * time until then: silent connections could use up all that a server accepts.
   */
  readonly isLoggedIn: boolean;
  /**
   * Whether a message has begun and not ended. A terminal that does not end its message for long should be
   * disconnected.
   */
  readonly isMidMessage: boolean;
  /**
   * Whether the terminal sent nothing readable for so long that it should be disconnected. It gets no more responses.
   */
  readonly isFinished: boolean;
};

/** Serves SIP2 terminals. */
export type Sip2Service = {
  /** Begins the conversation with a terminal that has connected. */
  readonly connect: () => Sip2Connection;
};

/**
 * Serves self-service terminals and payment kiosks over SIP2, the 3M Standard Interchange Protocol 2.00: Patron Status
 * (23/24), Patron Information with fine items (63/64), Fee Paid (37/38), End Patron Session (35/36), Login (93/94), SC
 * and ACS Status (99/98), resending (97, 96), checksums and sequence numbers. It turns bytes into bytes; the caller
 * owns the socket.
 *
 * A payment names one fee by `CG`, the fee's id, or is spread over all payable fees in the policy's order. Its `BK` is
 * the external transaction id: the same `BK` again is the same payment. Without `BK`, the same message again is the
 * same payment. A refused payment is answered with `N` and the reason (`AF`).
 *
 * If the patron's account is {@link patrons.mergeAccounts | merged} with others, the answers are about all of them,
 * with the card of any of them, and a payment that names no fee is divided over them.
 *
 * @param options - the store, the policy, the institution, and hooks that know patrons and terminals
 * @returns the service
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` or `INVALID_POLICY` if the options are
 * invalid
 *
 * @source 3M Standard Interchange Protocol, version 2.00
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { sip2Service } from 'patron-fees/sip2';
 *
 * const now = () => '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now });
 * const policy = definePolicy({ currency: 'USD' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * await execute(store, policy, stream, { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at: now() });
 *
 * const cards = new Map([['2000171', { patronId: 'p1', name: 'Dev Verma' }]]);
 * const service = sip2Service({
 *   store,
 *   policy,
 *   institution: 'north',
 *   now,
 *   newId: () => crypto.randomUUID(),
 *   patron: ({ identifier }) => cards.get(identifier),
 * });
 * const connection = service.connect();
 * const ask = async (message: string) => {
 *   for await (const response of connection.receive(new TextEncoder().encode(`${message}\r`)))
 *     return new TextDecoder().decode(response).trimEnd();
 *   return undefined;
 * };
 * await ask('2300120260302    100000AOnorth|AA2000171|');
 * //=> '24              00120260302   Z090000AOnorth|AA2000171|AEDev Verma|BLY|BHUSD|BV2.50|'
 * await ask('3720260302    1000000400USDBV2,50|AOnorth|AA2000171|CGf1|BKtill-7-19|');
 * //=> '38Y20260302   Z090000AOnorth|AA2000171|CGf1|BKtill-7-19|'
 * ```
 */
export function sip2Service(options: Sip2Options): Sip2Service {
  const settings = sip2Settings(options);
  return { connect: () => connect(settings) };
}

/** How many messages in a row may be unreadable or ask to resend. The protocol has terminals give up after three. */
const FAULTS_MAX = 5;

/** The state of one connection. */
type State = {
  /** The terminal; `undefined` until it has logged in. */
  terminal: Sip2Terminal | undefined;
  /** Unreadable messages, failed logins and requests to resend since the last other request. */
  faults: number;
  /** The last readable request with its response, which is sent again if the request is. */
  last: { readonly message: string; readonly response: Uint8Array } | undefined;
  /** What was sent last: the terminal asks for it with 97. */
  sent: Uint8Array | undefined;
};

function connect(settings: Sip2Settings): Sip2Connection {
  const splitter = messageSplitter();
  const state: State = {
    terminal: settings.login === undefined ? {} : undefined,
    faults: 0,
    last: undefined,
    sent: undefined,
  };
  let isBusy = false;
  const isFinished = () => state.faults >= FAULTS_MAX;
  return {
    async *receive(piece) {
      if (isBusy)
        throw new PatronFeesError('INVALID_ARGUMENT', 'receive: read all responses to the last piece first');
      isBusy = true;
      try {
        for (const message of splitter.split(piece)) {
          if (isFinished()) return;
          state.sent = await answer(message, state, settings);
          yield state.sent;
        }
      } finally {
        isBusy = false;
      }
    },
    get isLoggedIn() {
      return state.terminal !== undefined && state.last !== undefined;
    },
    get isMidMessage() {
      return splitter.isOpen();
    },
    get isFinished() {
      return isFinished();
    },
  };
}

/** Returns the response to one message. */
async function answer(
  bytes: Uint8Array | typeof TOO_LONG,
  state: State,
  settings: Sip2Settings,
): Promise<Uint8Array> {
  const { writing } = settings;
  const request: Sip2Request | Unreadable =
    bytes === TOO_LONG ? { code: undefined, hasChecksum: false } : readSip2Request(bytes, writing.encoding);
  const isFault = request.code === undefined || request.code === '97';
  if (isFault) state.faults += 1;
  if (request.code === '97' && state.sent !== undefined) return state.sent;
  // A request for resending has no sequence number.
  const resend = () => writeSip2Response({ head: '96' }, { ...request, sequence: undefined }, writing);
  if (isFault) return resend();
  const message = bytes.toString();
  const isRepeated =
    doneOnce(request.code) && request.sequence !== undefined && state.last?.message === message;
  if (isRepeated && state.last !== undefined) return state.last.response;
  const answered = await respond(request, state, settings);
  if (answered === undefined) {
    state.faults += 1;
    return resend();
  }
  const response = writeSip2Response(answered, request, writing);
  const isRefusedLogin = request.code === '93' && state.terminal === undefined;
  state.faults = isRefusedLogin ? state.faults + 1 : 0;
  state.last = { message, response };
  return response;
}

/** The requests that can be answered twice. A payment, and what is not about fees, is done only once. */
const reads = new Set(['23', '35', '63', '93', '97', '99']);

function doneOnce(code: string): boolean {
  return !reads.has(code);
}

/** Returns the response to a readable request; `undefined` if it is not understood. */
async function respond(
  request: Sip2Request,
  state: State,
  settings: Sip2Settings,
): Promise<Sip2Response | undefined> {
  const { institutionCode, time } = settings;
  switch (request.code) {
    case '93':
      return logIn(request, state, settings);
    case '99':
      return systemStatus(settings);
    case '35':
      return {
        head: `36Y${time()}`,
        fields: [
          ['AO', institutionCode],
          ['AA', request.fields.get('AA') ?? ''],
        ],
      };
    case '23':
    case '63':
    case '37': {
      const found = await findPatron(request, state.terminal, settings);
      const response =
        request.code === '37'
          ? await feePaid(request, found, state.terminal ?? {}, settings)
          : await patronResponse(request, found, settings);
      return withFields(response, found, settings);
    }
    default:
      return (
        (await passOn(request, state.terminal, settings)) ?? refusedMessage(request, state.terminal, settings)
      );
  }
}

/** Passes a message that is not about fees to the library system. A checksum in its answer is left out. */
async function passOn(
  { code, text }: Sip2Request,
  terminal: Sip2Terminal | undefined,
  { otherMessage }: Sip2Settings,
): Promise<Sip2Response | undefined> {
  if (otherMessage === undefined || terminal === undefined) return undefined;
  const answer = await otherMessage({ code, text, terminal });
  if (answer === undefined) return undefined;
  const head = checkedArgument(v.string(), answer, 'otherMessage').replace(
    /((AY\d)?AZ[0-9A-F]{4})?[\r\n]*$/,
    '',
  );
  return { head: head.replaceAll(/[\r\n]/g, ' ') };
}

/**
 * Answers a Login (93) request. Encrypted names and passwords are not supported; no system is known that sends them.
 */
async function logIn(
  { fixed, fields }: Sip2Request,
  state: State,
  { login }: Sip2Settings,
): Promise<Sip2Response> {
  const field = (id: string) => fields.get(id) ?? '';
  const asked = { userId: field('CN'), password: field('CO'), location: field('CP') };
  if (login !== undefined) state.terminal = fixed === '00' ? await login(asked) : undefined;
  return { head: `94${state.terminal === undefined ? '0' : '1'}` };
}

/**
 * Patron Status, SC Status, resending, Login, Patron Information, End Patron Session and Fee Paid, out of 16
 * messages.
 */
const FEES_ONLY = 'YNNNYYYYYYNNNNNN';

/** All 16: what the library system does not do, it refuses. */
const ALL_MESSAGES = 'Y'.repeat(16);

/**
 * Answers an SC Status (99) request: online, with checkin, checkout and renewal or not, 30 seconds, 3 retries, version
 * 2.00.
 */
function systemStatus({ institutionCode, libraryName, time, otherMessage }: Sip2Settings): Sip2Response {
  const circulates = otherMessage === undefined ? 'NNN' : 'YYY';
  return {
    head: `98Y${circulates}NN030003${time()}2.00`,
    fields: [
      ['AO', institutionCode],
      ['AM', libraryName],
      ['BX', otherMessage === undefined ? FEES_ONLY : ALL_MESSAGES],
    ],
  };
}

/** A request that is refused. */
type Refused = {
  /** The length of the fixed part of the request, after the code. */
  readonly fixedLength: number;
  /** The code of the response and its fixed part: not done; `time` is the current time. */
  readonly head: (time: string) => string;
  /** The fields that the response takes from the request, and those that it must have. */
  readonly fields: readonly string[];
};

/** The requests of circulation, by code. */
const requests: ReadonlyMap<string, Refused> = /* @__PURE__ */ new Map([
  ['09', { fixedLength: 37, head: (time: string) => `100NUN${time}`, fields: ['AO', 'AB', 'AQ'] }],
  [
    '11',
    { fixedLength: 38, head: (time: string) => `120NUN${time}`, fields: ['AO', 'AA', 'AB', 'AJ', 'AH'] },
  ],
  ['15', { fixedLength: 19, head: (time: string) => `160N${time}`, fields: ['AO', 'AA', 'AB'] }],
  ['17', { fixedLength: 18, head: (time: string) => `18010001${time}`, fields: ['AB', 'AJ'] }],
  ['19', { fixedLength: 18, head: (time: string) => `200${time}`, fields: ['AB'] }],
  [
    '29',
    { fixedLength: 38, head: (time: string) => `300NUN${time}`, fields: ['AO', 'AA', 'AB', 'AJ', 'AH'] },
  ],
  ['65', { fixedLength: 18, head: (time: string) => `66000000000${time}`, fields: ['AO'] }],
]);

/** Block Patron and Patron Enable, which are answered with the patron's status: the length of their fixed part. */
const patronRequests: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['01', 19],
  ['25', 18],
]);

/**
 * Refuses a message that is not about fees, with a response that says so and does not ask to send it again.
 *
 * @returns the response; `undefined` if the message is not one of the protocol's, or not readable
 */
async function refusedMessage(
  request: Sip2Request,
  terminal: Sip2Terminal | undefined,
  settings: Sip2Settings,
): Promise<Sip2Response | undefined> {
  const { code, text } = request;
  const message = ['AF', settings.words.notOffered] as const;
  const patronLength = patronRequests.get(code);
  if (patronLength !== undefined) {
    const parts = partsOf(text, patronLength);
    if (parts === undefined) return undefined;
    const found = await findPatron({ ...request, ...parts }, terminal, settings);
    const { head, fields = [] } = await patronResponse({ ...request, ...parts }, found, settings);
    const others = fields.filter(([id]) => id !== 'AF');
    return withFields({ head, fields: [...others, message] }, found, settings);
  }
  const refused = requests.get(code);
  const parts = refused && partsOf(text, refused.fixedLength);
  if (refused === undefined || parts === undefined) return undefined;
  const values: Readonly<Record<string, string>> = { AO: settings.institutionCode };
  return {
    head: refused.head(settings.time()),
    fields: [...refused.fields.map((id) => [id, values[id] ?? parts.fields.get(id) ?? ''] as const), message],
  };
}

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** The longest message that is read. Requests are a few hundred bytes long. */
export const MESSAGE_BYTES_MAX = 4_096;

/** A message that is too long to be read. */
export const TOO_LONG = Symbol('too long');

/** Returns whether a byte is a visible character of ASCII. */
function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}

/** Splits pieces of a connection into messages. */
type MessageSplitter = {
  /** Yields the messages that a piece completes, without their line ends; empty ones are skipped. */
  readonly split: (piece: Uint8Array) => Generator<Uint8Array | typeof TOO_LONG>;
  /** Whether a message has begun and not ended. */
  readonly isOpen: () => boolean;
};

/**
 * Creates a splitter. Messages end with CR, LF or both, and begin with a visible character: terminals send blanks, NUL
 * and telnet commands before it. It never keeps more than one message of the maximum length; it keeps nothing of a
 * longer one, and yields `TOO_LONG` at its end.
 */
export function messageSplitter(): MessageSplitter {
  const kept = new Uint8Array(MESSAGE_BYTES_MAX);
  let length = 0;
  let isTooLong = false;

  const keep = (bytes: Uint8Array) => {
    const start = length > 0 || isTooLong ? 0 : bytes.findIndex(isPrintable);
    if (start < 0) return;
    const part = bytes.subarray(start);
    if (length + part.length > MESSAGE_BYTES_MAX) isTooLong = true;
    if (isTooLong) return;
    kept.set(part, length);
    length += part.length;
  };
  const finish = () => {
    const message = isTooLong ? TOO_LONG : kept.slice(0, length);
    length = 0;
    isTooLong = false;
    return message;
  };

  return {
    *split(piece) {
      let start = 0;
      for (let index = 0; index < piece.length; index++) {
        if (piece[index] !== CARRIAGE_RETURN && piece[index] !== LINE_FEED) continue;
        keep(piece.subarray(start, index));
        start = index + 1;
        const message = finish();
        if (message === TOO_LONG || message.length > 0) yield message;
      }
      keep(piece.subarray(start));
    },
    isOpen: () => length > 0 || isTooLong,
  };
}

const fieldsSchema = v.pipe(
  plainObject,
  v.record(
    v.pipe(v.string(), v.regex(/^(?!AY|AZ)[A-Z][A-Z0-9]$/, 'two letters, neither AY nor AZ')),
    v.union([v.string(), v.array(v.string())], 'a text or a list of texts'),
  ),
);

/** Adds the fields of the hook to a response about a patron. */
async function withFields(
  { head, fields = [] }: Sip2Response,
  found: FoundPatron,
  settings: Sip2Settings,
): Promise<Sip2Response> {
  if (settings.fields === undefined) return { head, fields };
  const code = head.slice(0, 2) as Sip2Answered['code'];
  const more = checkedArgument(fieldsSchema, await settings.fields({ code, ...found }), 'fields');
  return {
    head,
    fields: [...fields.filter(([id]) => !Object.hasOwn(more, id)), ...Object.entries(more)],
  };
}
