import { describe, expect, it } from 'vitest';
import { charges as almaCharges, almaClient } from './alma/almaClient.js';
import { charges as folioCharges, folioClient, userId } from './folio/folioClient.js';
import { charges as kohaCharges, kohaClient } from './koha/kohaClient.js';
import { bytesOf, checked, feePaidMessage, NOW, terminal } from './sip2/terminal.js';

// What no well-behaved client sends: each is refused with a sentence, changes no account, and throws nothing.

type Body = string | Uint8Array | ReadableStream;

/** A door, with one fee that is open. */
type Door = {
  readonly send: (path: string, init?: RequestInit) => Promise<{ status: number; text: string }>;
  readonly account: () => Promise<object>;
  readonly errors: readonly unknown[];
  /** The address to which a payment is posted, and its body for an amount: text of JSON, or an address alone. */
  readonly pay: (amount: string) => readonly [path: string, body: string | undefined];
  /** The address to which bodies are posted. */
  readonly bodies: string;
  /** The address of a patron or a fee by its id. */
  readonly named: (id: string) => string;
  /** Addresses with queries. */
  readonly queries: readonly string[];
};

const secret = 'sesame-4711';
const authorize = () => true;

const doors: Readonly<Record<string, () => Promise<Door>>> = {
  async Koha() {
    const { send, account, errors, numbers } = await kohaClient(kohaCharges(['f1', '5.00']), { authorize });
    const [line] = await numbers();
    const at = 'patrons/51/account';
    return {
      send,
      account,
      errors,
      pay: (amount) => [`${at}/credits`, `{"amount":${amount},"account_lines_ids":[${line}]}`],
      bodies: `${at}/credits`,
      named: (id) => `patrons/${id}/account`,
      queries: [
        `${at}/debits?_page=0`,
        `${at}/debits?_page=-1&_per_page=1e9`,
        `${at}/debits?_per_page=NaN`,
        `${at}/credits?_per_page=0`,
        `${at}/debits?_page=1&_page=2`,
        `${at}/debits?q=${'('.repeat(3_000)}`,
        `${at}/debits?q=${'['.repeat(3_000)}`,
        `${at}/debits?q=${encodeURIComponent('{"__proto__":1}')}`,
      ],
    };
  },
  async FOLIO() {
    const { send, account, errors, ids } = await folioClient(folioCharges(['f1', '5.00']), { authorize });
    const [id] = await ids();
    const cql = (query: string) => `accounts?query=${encodeURIComponent(query)}`;
    const common = '"notifyPatron":false,"servicePointId":"s","userName":"u","paymentMethod":"Credit card"';
    return {
      send,
      account,
      errors,
      pay: (amount) => [`accounts/${id}/pay`, `{"amount":${amount},${common}}`],
      bodies: `accounts/${id}/pay`,
      named: (name) => `accounts/${name}`,
      queries: [
        cql('('.repeat(2_000)),
        cql(`${'('.repeat(41)}userId==${userId}${')'.repeat(41)}`),
        cql('__proto__==1'),
        cql('constructor==1'),
        cql('userId=="'),
        cql(`userId==${userId} sortby`),
        `accounts?query=${userId}&limit=-1`,
        `accounts?query=userId==${userId}&limit=1e99`,
      ],
    };
  },
  async Alma() {
    const { send, account, errors } = await almaClient(almaCharges(['f1', '5.00']), { authorize });
    return {
      send,
      account,
      errors,
      pay: (amount) => [
        `dverma/fees/f1?op=pay&method=ONLINE&amount=${encodeURIComponent(unquoted(amount))}`,
        undefined,
      ],
      bodies: 'dverma/fees',
      named: (id) => `${id}/fees`,
      queries: [
        'dverma/fees?status=__proto__',
        'dverma/fees?status=constructor',
        'dverma/fees?status=ACTIVE&status=CLOSED',
        `dverma/fees?status=${'('.repeat(3_000)}`,
        'dverma/fees/__proto__',
        'dverma/fees/toString',
        'dverma/fees/f1/f2',
        'dverma/fees/%E0%A4%A',
      ],
    };
  },
};

/** Returns the amount of JSON as it stands in an address. */
function unquoted(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

// As they stand in JSON.
const amounts: readonly string[] = [
  ...['-1', '0', '-0', '0.001', '5.01', '1e308', '-1e308', '1e-308', '9007199254740993', '1e400'],
  ...['"-"', '" "', '"NaN"', '"Infinity"', '"-5"', '"1e0"', '"0x5"', '"５"', '"1,5"', '"5 USD"', '"1.2.3"'],
  ...['[5]', '{"value":5}', 'true', `"${'9'.repeat(400)}"`, '"5\\u0000"'],
];

const stream = (pull: (controller: ReadableStreamDefaultController) => void) => new ReadableStream({ pull });
const text = (bytes: readonly number[]) => Uint8Array.from(bytes);
const utf16 = (from: string) => text([...from].flatMap((character) => [character.charCodeAt(0), 0]));

const bodies: Readonly<Record<string, () => Body>> = {
  nothing: () => '',
  'no JSON': () => 'amount=5',
  'a list': () => '[]',
  null: () => 'null',
  'a text': () => '"5"',
  'a number': () => '5',
  'half of an object': () => '{"amount":5',
  'a field twice': () => '{"amount":5,"amount":1}',
  'the prototype': () => '{"__proto__":{"polluted":true,"amount":5}}',
  'a constructor': () => '{"constructor":{"prototype":{"polluted":true}}}',
  'no fields': () => '{}',
  'a megabyte': () => `{"amount":5,"note":"${'x'.repeat(1_048_576)}"}`,
  'a megabyte of fields': () => `{${Array.from({ length: 60_000 }, (_, n) => `"f${n}":${n}`).join(',')}}`,
  'parentheses without an end': () => '['.repeat(60_000),
  'deep lists': () => `{"amount":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  'UTF-16': () => utf16('{"amount":5}'),
  'invalid UTF-8': () => text([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x3a, 0x35, 0x7d]),
  'compressed bytes': () => text([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
  'a body that breaks off': () => stream((controller) => controller.error(new Error(secret))),
  'a body that never ends': () => stream((controller) => controller.enqueue(text([0x20]))),
  entities: () => `<!DOCTYPE a [<!ENTITY b "${secret}">]><fee><type>&b;</type></fee>`,
  'deep elements': () => '<a>'.repeat(20_000),
};

const ids: readonly string[] = [
  ...['%', '%00', '%2e%2e%2f', '%2F%2F', '__proto__', 'constructor', 'x'.repeat(400), 'x'.repeat(9_000)],
  ...["'%20OR%201=1", '%F0%9F%98%80'],
];

const untouched = () => Object.keys(Object.prototype).length === 0 && !('polluted' in {});

describe.each(Object.entries(doors))("the door of %s's clients", (_name, open) => {
  const refused = async (door: Door, path: string, init?: RequestInit) => {
    const before = await door.account();
    const answer = await door.send(path, init);
    expect([answer.status >= 400, answer.status < 500, answer.text.length < 2_000]).toEqual([
      true,
      true,
      true,
    ]);
    expect(answer.text).not.toMatch(/sesame|node_modules|\.ts:|\.js:|\n\s+at /);
    expect([await door.account(), door.errors, untouched()]).toEqual([before, [], true]);
  };
  const post = (body: Body | undefined, type = 'application/json') => {
    const sent = body === undefined ? {} : { body, duplex: 'half' };
    return { method: 'POST', headers: { 'content-type': type }, ...sent } as RequestInit;
  };

  it.each(amounts)('refuses the amount %s', async (amount) => {
    const door = await open();
    const [path, body] = door.pay(amount);
    await refused(door, path, post(body));
  });

  it.each(Object.entries(bodies))('refuses %s as a body', async (_what, body) => {
    const door = await open();
    await refused(door, door.bodies, post(body()));
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data', 'application/json;charset=\u00e9'])(
    'refuses a list of the type %s',
    async (type) => {
      const door = await open();
      await refused(door, door.bodies, post('[1]', type));
    },
  );

  it.each(ids)('authorizes nobody as %s', async (id) => {
    const door = await open();
    await refused(door, door.named(id));
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('refuses its query %i', async (index) => {
    const door = await open();
    await refused(door, door.queries[index] as string);
  });

  it('reads what comes slowly, a byte at a time', async () => {
    const door = await open();
    const [path, body] = door.pay('5');
    const bytes = [...new TextEncoder().encode(body ?? '')];
    const slow = stream((controller) => {
      const next = bytes.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(text([next]));
    });
    expect((await door.send(path, post(slow))).status).toBeLessThan(300);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])('refuses %s', async (method) => {
    const door = await open();
    await refused(door, door.bodies, { method });
  });
});

const sip2Amounts = [
  ...['', ' ', '-5.00', '-0', 'NaN', 'Infinity', '1e0', '0x5', '５', '1.2.3', '1,2,3', '5.001', '0', '0.00'],
  ...['9'.repeat(19), '9'.repeat(400), '5 USD', '$5.00', '5.00-', '+5.00', '.', ',', '1 000.00', '5.\u0000'],
];

const paid = (fields: string, more = {}) => feePaidMessage('5.00', fields, more);

const sip2Messages: Readonly<Record<string, string | Uint8Array>> = {
  'an unknown patron': paid('', { patron: 'nobody' }),
  'the prototype as the patron': paid('', { patron: '__proto__' }),
  'a constructor as the patron': paid('', { patron: 'constructor' }),
  'no patron': paid('', { patron: '' }),
  'a patron of 9000 letters': paid('', { patron: 'x'.repeat(9_000) }),
  'another institution': paid('', { institution: 'south' }),
  'another currency': paid('', { currency: 'EUR' }),
  'no currency that exists': paid('', { currency: '\u0000\u0000\u0000' }),
  'an unknown fee': paid('CGnone|'),
  'the prototype as the fee': paid('CG__proto__|'),
  'a disputed fee': paid('CGf4|'),
  'a field twice': paid('CGf1|CGf2|'),
  'an amount twice': paid('BV1.00|'),
  'a fee of 9000 letters': paid(`CG${'x'.repeat(9_000)}|`),
  'half of a message': `37${NOW}04`,
  'no code': 'hello',
  'one digit': '3',
  'no letters': '||||',
  'a code that does not exist': '00',
  'a negative code': '-1',
  'letters as a code': 'AA001',
  'full-width digits': '３７',
  'a wrong checksum': `${paid('CGf1|')}AY1AZ0000`,
  'half of a checksum': checked(paid('CGf1|')).slice(0, -2),
  'a checksum of letters': `${paid('CGf1|')}AY1AZZZZZ`,
  'only a checksum': 'AZ0000',
  'a sequence without a number': 'AYAZ0000',
  'invalid UTF-8': Uint8Array.from([0x33, 0x37, 0xff, 0xfe, 0xc3, 0x28, 0x0d]),
  'UTF-16': Uint8Array.from([...paid('CGf1|')].flatMap((character) => [character.charCodeAt(0), 0])),
  'only NULs': new Uint8Array(500),
  'a kilobyte of bars': `63001${NOW}${' '.repeat(10)}${'|'.repeat(1_000)}`,
  'many fields': `63001${NOW}${' '.repeat(10)}${Array.from({ length: 400 }, (_, n) => `X${n}|`).join('')}`,
  'a list from minus one': `63001${NOW}   Y      AOnorth|AA2000171|BP-1|BQ-1|`,
  'a list from beyond all numbers': `63001${NOW}   Y      AOnorth|AA2000171|BP${'9'.repeat(90)}|`,
  'a language of letters': `63ABC${NOW}   Y      AOnorth|AA2000171|`,
  'a status without an end': '23001',
  'a time that does not exist': paid('CGnone|', { time: '99999999    999999' }),
  'a repetition of nothing': '97',
  'a login without a name': '9300CN|CO|',
  'a login of the prototype': '9300CN__proto__|COconstructor|',
};

describe('the door of terminals', () => {
  const unchanged = async (bytes: Uint8Array) => {
    const { send, account } = await terminal();
    const before = await account();
    const responses = await send(bytes);
    for (const response of responses) expect(response).toMatch(/^(?!38Y)\d\d[^\r\n]*\r$/);
    expect([await account(), untouched()]).toEqual([before, true]);
  };

  it.each(sip2Amounts)('refuses the amount "%s"', async (amount) => {
    await unchanged(bytesOf(`${feePaidMessage(amount, 'CGf1|')}\r`));
  });

  it.each(Object.entries(sip2Messages))('changes nothing for %s', async (_what, message) => {
    await unchanged(typeof message === 'string' ? bytesOf(`${message}\r`) : message);
  });

  it('drops a message of a megabyte that has no end, and reads the next message', async () => {
    const { send, account } = await terminal();
    const before = await account();
    for (let n = 0; n < 64; n++) await send(bytesOf('3'.repeat(16_384)));
    await send(bytesOf('\r'));
    expect(await account()).toEqual(before);
    expect((await send(bytesOf(`${paid('CGf1|')}\r`)))[0]).toMatch(/^38Y/);
  });
});
