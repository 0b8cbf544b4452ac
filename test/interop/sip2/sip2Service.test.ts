import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { balancesInMinorUnits } from '../../../src/index.js';
import { type Sip2Answered, sip2Service } from '../../../src/interop/sip2/index.js';
import { MESSAGE_BYTES_MAX, messageSplitter, TOO_LONG } from '../../../src/interop/sip2/sip2Service.js';
import { tried } from '../../support/seeded.js';
import {
  ANSWERED,
  bytesOf,
  checked,
  feePaidMessage,
  fieldsOf,
  information,
  NOW,
  now,
  policy,
  status,
  terminal,
  withPasswords,
} from './terminal.js';

const STATUS_RESPONSE = `98YNNNNN030003${ANSWERED}2.00AOnorth|BXYNNNYYYYYYNNNNNN|`;

describe('sip2Service', () => {
  it('answers SC Status (99), End Patron Session (35) and Login (93)', async () => {
    const { ask } = await terminal();
    expect(await ask('9900302.00')).toBe(STATUS_RESPONSE);
    expect(await ask(`35${NOW}AOnorth|AA2000171|`)).toBe(`36Y${ANSWERED}AOnorth|AA2000171|`);
    expect(await ask('9300CNany|COany|')).toBe('941');
    const named = await terminal({ libraryName: 'Main Library' });
    expect(await named.ask('9900302.00')).toContain('|AMMain Library|');
  });

  it('returns the sequence number and a checksum if the request has them', async () => {
    const { ask } = await terminal();
    expect(await ask('9900401.00AY1AZFCA5')).toBe(checked(STATUS_RESPONSE, '1'));
    expect(await ask('9900402.00AZFD6F')).toMatch(/^98.*\|AZ[0-9A-F]{4}$/);
  });

  it('serves requests as clients of other systems send them', async () => {
    // 3M's own examples, for its own institution and patron.
    const { ask, account } = await terminal({
      institutionCode: 'Certification Institute ID',
      patron: ({ identifier }) => (identifier === 'PatronID' ? { patronId: 'p1' } : undefined),
      overpayment: 'credit',
    });
    expect(await ask('9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC7B')).toMatch(/^941AY5AZ/);
    expect(
      await ask(
        '3719980723    0932110401USDBV111.11|AOCertification Institute ID|AAPatronID|BKTransactionID|AY2AZE1EF',
      ),
    ).toMatch(/^38Y.*\|BKTransactionID\|AY2AZ/);
    expect(await ask('3519980723    094014AOCertification Institute ID|AAPatronID|AY3AZEBF2')).toMatch(
      /^36Y.*AY3AZ/,
    );
    // The example of JSIP2 has a decimal comma.
    const jsip2 = `37${NOW}0402USDBV3,50|AOCertification Institute ID|AAPatronID|AC|AD|CG|BKj1|`;
    expect(await ask(jsip2)).toMatch(/^38Y/);
    const { payments } = await account();
    expect(payments.map(({ amount, method }) => [amount, method])).toEqual([
      [11_111, 'CREDIT_CARD'],
      [350, 'CREDIT_CARD'],
    ]);
  });

  it('reads messages however they are cut, with any line ends', async () => {
    const { send } = await terminal({ lineEnd: 'CRLF' });
    expect(await send(bytesOf('\r\n99003'))).toEqual([]);
    expect(await send(bytesOf('02.00\r\n9300CNa|\n'))).toEqual([`${STATUS_RESPONSE}\r\n`, '941\r\n']);
  });

  it('resends the last response (97)', async () => {
    const { ask } = await terminal();
    expect(await ask('97AZFEF5')).toBe('96AZFEF6');
    const first = await ask('9900401.00AY1AZFCA5');
    expect(await ask('97AZFEF5')).toBe(first);
    expect(await ask('97')).toBe(first);
  });

  it('sends its request to resend (96) again, not the answer to an earlier payment', async () => {
    const { ask, account } = await terminal();
    await ask(feePaidMessage('1.00', 'BKt1|'));
    expect(await ask(feePaidMessage('2.00', 'BKt2|BKt2|'))).toBe('96');
    expect(await ask('97')).toBe('96');
    expect(await ask(feePaidMessage('2.00', 'BKt2|'))).toMatch(/^38Y/);
    expect(await ask('97')).toContain('BKt2');
    expect((await account()).payments).toHaveLength(2);
  });

  it('asks to resend (96) what it cannot read, with a checksum if there was one', async () => {
    const { ask } = await terminal();
    expect(await ask('9900401.00AY1AZFFFF')).toBe('96AZFEF6');
    expect(await ask('11YN')).toBe('96');
    expect(await ask('x'.repeat(5_000))).toBe('96');
    expect(await ask('9900302.00')).toBe(STATUS_RESPONSE);
  });

  it('does not pay twice if a terminal resends with the same sequence number', async () => {
    const { ask, account } = await terminal();
    // Without a transaction id, and without a clock.
    const message = checked(feePaidMessage('1.00', '', { time: ' '.repeat(18) }), '4');
    const first = await ask(message);
    expect(first).toMatch(/^38Y/);
    expect(await ask(message)).toBe(first);
    await ask(checked(feePaidMessage('1.00', '', { time: ' '.repeat(18) }), '5'));
    expect((await account()).payments).toHaveLength(2);
  });

  it('gives up on a terminal that sends nothing readable', async () => {
    const { ask, connection } = await terminal();
    for (const message of ['a', 'b', 'c', 'd']) expect(await ask(message)).toBe('96');
    expect(connection.isFinished).toBe(false);
    expect(await ask('9900302.00')).toBe(STATUS_RESPONSE);
    for (const message of ['a', '97', 'c', '97', 'e']) await ask(message);
    expect(connection.isFinished).toBe(true);
    expect(await ask('9900302.00')).toBe('');
  });

  it('does not let resending multiply a response within one piece', async () => {
    const { ask, send } = await terminal();
    await ask('9900302.00');
    expect(await send(bytesOf('97\r'.repeat(1_000)))).toHaveLength(5);
  });

  it('says whether a message has begun', async () => {
    const { send, connection } = await terminal();
    await send(bytesOf('99'));
    expect(connection.isMidMessage).toBe(true);
    await send(bytesOf('00302.00\r'));
    expect(connection.isMidMessage).toBe(false);
  });

  it('throws the errors of the store, after the responses before', async () => {
    const { store } = await terminal();
    const broken = { ...store, read: async () => Promise.reject(new Error('disk')) };
    const service = sip2Service({
      store: broken,
      policy,
      institution: 'north',
      now: () => now,
      newId: () => 'id',
      patron: () => ({ patronId: 'p1' }),
    });
    const responses = service.connect().receive(bytesOf(`9900302.00\r23001${NOW}AA1|\r`));
    expect((await responses.next()).value).toBeInstanceOf(Uint8Array);
    await expect(responses.next()).rejects.toThrow('disk');
  });

  it('throws if the next piece is read before all responses to the last one', async () => {
    const { connection } = await terminal();
    const first = connection.receive(bytesOf('9900302.00\r9900302.00\r'));
    await first.next();
    await expect(connection.receive(bytesOf('97\r')).next()).rejects.toThrow('INVALID_ARGUMENT');
    await first.return();
    expect((await connection.receive(bytesOf('9900302.00\r')).next()).done).toBe(false);
  });
});

describe('a terminal that must log in', () => {
  const kiosk = {
    login: ({ userId, password }: { userId: string; password: string }) =>
      userId === 'kiosk' && password === 'secret' ? { desk: 'K1' } : undefined,
  };

  it('sees no patron and pays nothing before it has logged in', async () => {
    const { ask, account } = await terminal(kiosk);
    expect(await ask('9900302.00')).toBe(STATUS_RESPONSE);
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`)).toContain('|BLN|');
    expect(await ask(feePaidMessage('1.00', 'BK1|'))).toMatch(/^38N/);
    expect((await account()).payments).toEqual([]);
  });

  it('is refused with a wrong password or an encrypted one, and sees patrons after the right one', async () => {
    const { ask } = await terminal(kiosk);
    expect(await ask('9300CNkiosk|COwrong|CPx|')).toBe('940');
    expect(await ask('9300')).toBe('940');
    expect(await ask('9301CNkiosk|COsecret|')).toBe('940');
    expect(await ask('9300CNkiosk|COsecret|')).toBe('941');
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`)).toContain('|BLY|');
  });

  it('is logged out by a failed login, and given up after several', async () => {
    const { ask, connection } = await terminal(kiosk);
    await ask('9300CNkiosk|COsecret|');
    for (let n = 0; n < 5; n++) await ask('9300CNkiosk|COwrong|');
    expect(connection.isFinished).toBe(true);
    expect(await ask('9300CNkiosk|COsecret|')).toBe('');
  });

  it('logs in for one connection only', async () => {
    const { ask, service } = await terminal(kiosk);
    await ask('9300CNkiosk|COsecret|');
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`, service.connect())).toContain('|BLN|');
  });
});

describe('any bytes', () => {
  const valid = fc.constantFrom(
    '9900302.00',
    '97',
    `23001${NOW}AOnorth|AA2000171|AC|AD|`,
    `63001${NOW}   Y      AOnorth|AA2000171|BP1|BQ2|`,
    feePaidMessage('1.00', 'BKT1|'),
    feePaidMessage('1.00', 'CGf1|BKT2|'),
    feePaidMessage('1.00', 'CGf2|'),
    feePaidMessage('70.77', 'CGf9|BKT3|'),
    `63001${NOW}   Y      AOsouth|AA2000171|`,
    `63001${NOW}   Y      AOnorth|AAp9|`,
  );
  const damaged = fc.tuple(valid, fc.nat(80), fc.uint8Array({ maxLength: 4 })).map(([text, place, bytes]) => {
    const all = bytesOf(text);
    return Uint8Array.from([...all.slice(0, place), ...bytes, ...all.slice(place + bytes.length)]);
  });
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    valid.map((text) => bytesOf(`${text}\r`)),
    valid.map((text) => bytesOf(`${checked(text)}\r\n`)),
    damaged.map((bytes) => Uint8Array.from([...bytes, 13])),
  );

  const others = [
    { institution: 'north', patronId: 'p9' },
    { institution: 'south', patronId: 'p1' },
  ];
  const hidden = { type: 'AssessFee', id: 'f9', feeType: 'OTHER', amount: '70.77', owner: 'MAIN' } as const;

  it('crash nothing, pay nothing twice or beyond what is owed, and reveal no other account', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const { send, service, store, account } = await terminal();
        const item = { title: 'Of another account' };
        for (const other of others) await execute(store, policy, other, { ...hidden, item, at: now });
        for (const bytes of [...pieces, ...pieces]) {
          // Another connection each time, or a faulty piece would end the conversation.
          for (const response of await send(bytes, service.connect())) {
            expect(response).toMatch(/^(10|12|16|18|20|24|26|30|36|38|64|66|94|96|98).*\r$/s);
            expect(response).not.toMatch(/Of another account|BV70\.77/);
          }
        }
        for (const other of others) expect((await store.read(other)).version).toBe(1);
        const { payments, ...rest } = await account();
        const named = payments.flatMap(({ method, externalTransactionId, feesNamed }) =>
          externalTransactionId === null ? [] : `${method} ${externalTransactionId} ${feesNamed}`,
        );
        expect(new Set(named).size).toBe(named.length);
        const paid = payments.reduce((sum, { amount }) => sum + amount, 0);
        expect(balancesInMinorUnits({ payments, ...rest }).payable).toBe(1250 - paid);
      }),
      tried(300),
    );
  });
});

const AF = 'AFThis is not offered here.|';

/** The requests of circulation, as 3M's document writes them, and their answers. */
const circulation = [
  [`11YN${NOW}${NOW}AOnorth|AA2000171|AB30447|AC|`, `120NUN${ANSWERED}AOnorth|AA2000171|AB30447|AJ|AH|${AF}`],
  [`09N${NOW}${NOW}APdesk|AOnorth|AB30447|AC|BIN|`, `100NUN${ANSWERED}AOnorth|AB30447|AQ|${AF}`],
  [`15+${NOW}AOnorth|AA2000171|AB30447|`, `160N${ANSWERED}AOnorth|AA2000171|AB30447|${AF}`],
  [`17${NOW}AOnorth|AB30447|`, `18010001${ANSWERED}AB30447|AJ|${AF}`],
  [`19${NOW}AOnorth|AB30447|CH|`, `200${ANSWERED}AB30447|${AF}`],
  [`29NN${NOW}${NOW}AOnorth|AA2000171|AB30447|`, `300NUN${ANSWERED}AOnorth|AA2000171|AB30447|AJ|AH|${AF}`],
  [`65${NOW}AOnorth|AA2000171|`, `66000000000${ANSWERED}AOnorth|${AF}`],
] as const;

describe('a kiosk that also circulates', () => {
  it.each(circulation)('gets a refusal of %s, and no request to send it again', async (request, answer) => {
    const { ask } = await terminal();
    expect(await ask(request)).toBe(answer);
    expect(await ask(checked(request, '3'))).toBe(checked(answer, '3'));
  });

  it('is not disconnected, however many items a patron brings', async () => {
    const { ask, connection } = await terminal();
    for (let n = 0; n < 20; n++) expect(await ask(circulation[0][0])).toMatch(/^120/);
    expect(connection.isFinished).toBe(false);
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`)).toContain('|BV12.50|');
  });

  it.each([
    ['01', `01N${NOW}AOnorth|ALstolen|AA2000171|AC|`, '24'],
    ['25', `25${NOW}AOnorth|AA2000171|AC|`, '26'],
  ])('gets the status of the patron that it asks to block or enable (%s)', async (_code, request, code) => {
    const { ask, account } = await terminal();
    const before = await account();
    expect(await ask(request)).toBe(
      `${code}YYYY      YY  001${ANSWERED}AOnorth|AA2000171|AEDev Verma|BLY|BHUSD|BV12.50|${AF}`,
    );
    expect(await account()).toEqual(before);
  });

  it.each(['11YN', '77hello', `01N${NOW}AA1|AA2|`])(
    'is asked to resend %s, which is not a message',
    async (request) => {
      const { ask, connection } = await terminal();
      for (let n = 0; n < 5; n++) expect(await ask(request)).toBe('96');
      expect(connection.isFinished).toBe(true);
    },
  );
});

describe('messages that go to the library system', () => {
  it('are answered by it, with the sequence number and checksum of the request', async () => {
    const passed: unknown[] = [];
    const answer = `121NNY${NOW}AOnorth|AA2000171|AB30447|AJMaps|AH20260401|`;
    const { ask } = await terminal({
      otherMessage: (message) => {
        passed.push(message);
        // As a system that speaks SIP2 itself answers: with its own sequence number, checksum and line end.
        return `${answer}AY9AZ1234\r`;
      },
    });
    const [request] = circulation[0];
    expect(await ask(checked(request, '4'))).toBe(checked(answer, '4'));
    expect(await ask(request)).toBe(answer);
    expect(passed).toEqual([
      { code: '11', text: request, terminal: {} },
      { code: '11', text: request, terminal: {} },
    ]);
    expect(await ask('9900302.00')).toBe(`98YYYYNN030003${ANSWERED}2.00AOnorth|BX${'Y'.repeat(16)}|`);
  });

  it('are passed on once if the terminal sends one again', async () => {
    let checkouts = 0;
    const { ask } = await terminal({
      otherMessage: () => {
        checkouts += 1;
        return `12${checkouts}`;
      },
    });
    const request = checked(circulation[0][0], '4');
    for (let n = 0; n < 3; n++) expect(await ask(request)).toBe(checked('121', '4'));
    expect(await ask('97')).toBe(checked('121', '4'));
    expect(checkouts).toBe(1);
  });

  it('are all messages with a two-digit code that are not about fees, and no others', async () => {
    const codes: string[] = [];
    const { ask } = await terminal({
      otherMessage: ({ code }) => {
        codes.push(code);
        return undefined;
      },
    });
    for (const [request] of circulation) await ask(request);
    for (const request of ['9900302.00', '9300CN|CO|', `23001${NOW}AA1|`, `35${NOW}AA1|`, '97', 'hello'])
      await ask(request);
    await ask('77private');
    expect(codes).toEqual(['11', '09', '15', '17', '19', '29', '65', '77']);
  });

  it('are refused if it does not know them, or before the login', async () => {
    const login = () => ({ desk: 'K1' });
    const passed: unknown[] = [];
    const { ask } = await terminal({
      login,
      otherMessage: ({ terminal: kiosk }) => {
        passed.push(kiosk);
        return undefined;
      },
    });
    expect(await ask(circulation[0][0])).toBe(circulation[0][1]);
    expect(passed).toEqual([]);
    await ask('9300CNk|COs|');
    expect(await ask(circulation[0][0])).toBe(circulation[0][1]);
    expect(passed).toEqual([{ desk: 'K1' }]);
  });

  it('cannot end a message of the answer early', async () => {
    const { send } = await terminal({ otherMessage: () => '121\r38Y\r\n' });
    expect(await send(new TextEncoder().encode('11\r'))).toEqual(['121 38Y\r']);
  });
});

const shown = (message: Uint8Array | typeof TOO_LONG) =>
  message === TOO_LONG ? message : new TextDecoder().decode(message);

function splitAll(pieces: readonly (string | Uint8Array)[]) {
  const splitter = messageSplitter();
  const messages = pieces.flatMap((piece) =>
    [...splitter.split(typeof piece === 'string' ? bytesOf(piece) : piece)].map(shown),
  );
  return { messages, isOpen: splitter.isOpen() };
}

describe('messageSplitter', () => {
  it('ends messages at CR, LF and CR LF, and skips empty and blank ones', () => {
    expect(splitAll(['97\r97\n97\r\n\r\n  \0\r97\r'])).toEqual({
      messages: ['97', '97', '97', '97'],
      isOpen: false,
    });
  });

  it('keeps the beginning of a message until its end arrives', () => {
    expect(splitAll(['9', '9003', '02.00'])).toEqual({ messages: [], isOpen: true });
    expect(splitAll(['9', '9003', '02.00\r9'])).toEqual({ messages: ['9900302.00'], isOpen: true });
  });

  it('skips what comes before a message: blanks, telnet commands, and the NUL that telnet sends after CR', () => {
    const telnet = Uint8Array.from([0xff, 0xfb, 0x01, 0, 0x20]);
    expect(splitAll([telnet])).toEqual({ messages: [], isOpen: false });
    expect(splitAll([telnet, '9900302.00\r\0'])).toEqual({ messages: ['9900302.00'], isOpen: false });
    expect(splitAll(['9900302.00\r', '\0 9', '7 \0\r'])).toEqual({
      messages: ['9900302.00', '97 \0'],
      isOpen: false,
    });
  });

  it('reads a message of the maximum length, and none longer, however it is cut', () => {
    const longest = 'x'.repeat(MESSAGE_BYTES_MAX);
    expect(splitAll([`${longest}\r97\r`]).messages).toEqual([longest, '97']);
    expect(splitAll([`${longest}x\r97\r`]).messages).toEqual([TOO_LONG, '97']);
    expect(splitAll([longest, longest, longest, '\r97\r']).messages).toEqual([TOO_LONG, '97']);
    expect(splitAll([longest, 'x'])).toEqual({ messages: [], isOpen: true });
  });

  it('returns messages that later pieces do not change', () => {
    const splitter = messageSplitter();
    const [first] = splitter.split(bytesOf('97AZ\r'));
    Array.from(splitter.split(bytesOf('9900\r')));
    expect(first && shown(first)).toBe('97AZ');
  });

  it('finds the same messages however the bytes are cut', () => {
    const bytes = fc
      .uint8Array({ maxLength: 60 })
      .map((all) => all.map((byte) => (byte % 3 === 0 ? 13 : byte)));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(60)), (all, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut <= all.length).sort((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((end, index) => all.subarray(places[index], end));
        expect(splitAll(pieces)).toEqual(splitAll([all]));
      }),
      tried(300),
    );
  });
});

const FIXED_64 = 61;

describe("a system that shows a patron's address, e-mail and phone (Evergreen's tests)", () => {
  const address = { BD: '1 Main Street', BE: 'dev@example.org', BF: '555-0100' };

  it('finds them in 24, 64 and 38', async () => {
    const seen: Sip2Answered[] = [];
    const { ask } = await terminal({
      fields: (answered) => {
        seen.push(answered);
        return answered.patron === undefined ? {} : address;
      },
    });
    const added = 'BD1 Main Street|BEdev@example.org|BF555-0100|';
    expect((await ask(status('AA2000171|'))).endsWith(`|${added}`)).toBe(true);
    expect((await ask(information('AA2000171|'))).endsWith(`|${added}`)).toBe(true);
    expect((await ask(feePaidMessage('1.00', 'BK1|'))).endsWith(`|${added}`)).toBe(true);
    expect(await ask(status('AA999|'))).not.toContain('|BD');
    expect(await ask(`01N${NOW}AOnorth|AL|AA2000171|`)).toContain(`|${added}`);
    const patron = { patronId: 'p1', name: 'Dev Verma', group: 'STUDENT' };
    const known = { identifier: '2000171', patron, isKnown: true, passwordIsValid: undefined, terminal: {} };
    expect(seen).toEqual([
      { code: '24', ...known },
      { code: '64', ...known },
      { code: '38', ...known },
      { ...known, code: '24', identifier: '999', patron: undefined, isKnown: false },
      { code: '24', ...known },
    ]);
  });

  it('finds the name even if the PIN is wrong, if the library wants that', async () => {
    const { ask } = await terminal({
      ...withPasswords,
      fields: ({ isKnown, passwordIsValid }) =>
        isKnown && passwordIsValid === false ? { AE: 'Fumi Tanaka' } : {},
    });
    const fields = fieldsOf(await ask(information('AA2000172|AD1|')), FIXED_64);
    expect([fields.get('AE'), fields.get('CQ'), fields.get('BV')]).toEqual([
      ['Fumi Tanaka'],
      ['N'],
      undefined,
    ]);
  });

  it.each([{ AZ: '1' }, { AY: '1' }, { address: 'x' }, { bd: 'x' }, { BD: 7 }, [], 'BD'])(
    'is not sent the fields %o: the error is thrown',
    async (fields) => {
      const { ask } = await terminal({ fields: () => fields as unknown as Record<string, string> });
      await expect(ask(status('AA2000171|'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});
