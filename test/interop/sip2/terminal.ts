import { execute, loadAccount, memoryEventStore } from '../../../src/history/index.js';
import { type Command, definePolicy } from '../../../src/index.js';
import { type Sip2Options, sip2Service } from '../../../src/interop/sip2/index.js';
import { sip2Checksum } from '../../../src/interop/sip2/sip2Message.js';

/** The time of the service. */
export const now = '2026-03-02T09:00:00Z';

/** The same as terminals write it. */
export const NOW = '20260302    090000';

/** The same in responses. */
export const ANSWERED = '20260302   Z090000';

export const policy = definePolicy({
  currency: 'USD',
  blockLimits: { STUDENT: [{ amount: '25.00' }, { amount: '8.00', excludedFeeTypes: ['OTHER'] }], '*': [] },
});

/** The patrons by their cards. */
const cards = new Map([
  ['2000171', { patronId: 'p1', name: 'Dev Verma', group: 'STUDENT' }],
  ['2000172', { patronId: 'p2', name: 'Fumi Tanaka' }],
]);

/** The fees of the first patron: 5.00, 5.00 and 2.50 to pay, 4.00 disputed. */
const fees: readonly Command[] = [
  ...[
    ['f1', 'OVERDUEFINE', '5.00', 'Maps of the sea'],
    ['f2', 'LOSTITEMREPLACEMENTFEE', '5.00', 'Birds | rivers\rand more'],
    ['f3', 'OTHER', '2.50', ''],
    ['f4', 'OTHER', '4.00', ''],
  ].map(([id = '', feeType = '', amount = '', title = '']) => {
    const item = title === '' ? {} : { item: { title, barcode: `b-${id}` } };
    return { type: 'AssessFee' as const, id, feeType, amount, owner: 'MAIN', ...item, at: now };
  }),
  { type: 'DisputeFee', id: 'd1', feeId: 'f4', at: now },
];

/** Returns the bytes of a message. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Returns a message with a sequence number and its checksum. */
export function checked(message: string, sequence = '1'): string {
  const text = `${message}AY${sequence}AZ`;
  return text + sip2Checksum(bytesOf(text));
}

/** Creates a service with the fees of one patron, and a connection to it. */
export async function terminal(options: Partial<Sip2Options> = {}) {
  const store = memoryEventStore({ now: () => now });
  const stream = { institution: 'north', patronId: 'p1' };
  await execute(store, policy, stream, fees);
  let ids = 0;
  const service = sip2Service({
    store,
    policy,
    institution: 'north',
    now: () => now,
    newId: () => `id-${++ids}`,
    patron: ({ identifier }) => cards.get(identifier),
    ...options,
  });
  const connection = service.connect();
  /** Sends bytes and returns all responses, as they are on the wire. */
  const send = async (bytes: Uint8Array, to = connection) => {
    const responses: string[] = [];
    for await (const response of to.receive(bytes)) responses.push(new TextDecoder().decode(response));
    return responses;
  };
  return {
    store,
    stream,
    service,
    connection,
    send,
    /** Sends a message and returns its response without the line end. */
    ask: async (message: string, to = connection) =>
      (await send(bytesOf(`${message}\r`), to)).join('').trimEnd(),
    account: async () => (await loadAccount(store, stream)).account,
  };
}

/** Returns the fields of a response, each with its values. */
export function fieldsOf(response: string, fixedLength: number): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const field of response.slice(fixedLength).split('|').slice(0, -1)) {
    const id = field.slice(0, 2);
    fields.set(id, [...(fields.get(id) ?? []), field.slice(2)]);
  }
  return fields;
}

/** A Fee Paid request. */
export function feePaidMessage(
  amount: string,
  fields: string,
  { type = '00', currency = 'USD', time = NOW, patron = '2000171', institution = 'north' } = {},
): string {
  return `37${time}04${type}${currency}BV${amount}|AO${institution}|AA${patron}|${fields}`;
}

/** A library whose patrons have the password 1234. */
export const withPasswords: Partial<Sip2Options> = {
  patron: ({ identifier, password }) =>
    identifier === '2000172'
      ? {
          patronId: 'p2',
          name: 'Fumi Tanaka',
          ...(password !== undefined && { passwordIsValid: password === '1234' }),
        }
      : undefined,
};

/** A Patron Status request. */
export const status = (fields: string) => `23001${NOW}AOnorth|${fields}`;

/** A Patron Information request that asks for no items. */
export const information = (fields: string) => `63001${NOW}${' '.repeat(10)}AOnorth|${fields}`;
