import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decoded,
  encoded,
  readSip2Request,
  type Sip2Request,
  sip2Checksum,
  writeSip2Response,
} from '../../../src/interop/sip2/sip2Message.js';
import { tried } from '../../support/seeded.js';
import { bytesOf, checked, feePaidMessage, NOW, terminal } from './terminal.js';

const read = (text: string) => readSip2Request(bytesOf(text), 'utf-8');
const plain = { sequence: undefined, hasChecksum: false };
const written = (
  head: string,
  fields: readonly (readonly [string, string | readonly string[] | undefined])[] = [],
) =>
  new TextDecoder().decode(writeSip2Response({ head, fields }, plain, { encoding: 'utf-8', lineEnd: '\r' }));

describe('sip2Checksum', () => {
  // Messages with the checksums that 3M's document and other servers have.
  it.each([
    ['9900401.00AY1AZ', 'FCA5'],
    ['990 402.00AY1AZ', 'FCB4'],
    ['9900402.00AZ', 'FD6F'],
    ['941AY3AZ', 'FDFA'],
    ['3519980723    094014AOCertification Institute ID|AAPatronID|AY3AZ', 'EBF2'],
    // 3M's document prints EC78 here, which is not the sum; the clients for Node compute this one.
    ['9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZ', 'EC7B'],
    ['', '0000'],
  ])('of %s is %s', (message, checksum) => {
    expect(sip2Checksum(bytesOf(message))).toBe(checksum);
  });

  it('makes the sum of the bytes zero, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        const sum = bytes.reduce((total, byte) => total + byte, 0);
        expect((sum + Number.parseInt(sip2Checksum(bytes), 16)) % 65_536).toBe(0);
      }),
      tried(200),
    );
  });
});

describe('readSip2Request', () => {
  it('reads a request with a sequence number and a checksum', () => {
    expect(read('9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC7B')).toEqual({
      code: '93',
      text: '9300CNLoginUserID|COLoginPassword|CPLocationCode|',
      fixed: '00',
      fields: new Map([
        ['CN', 'LoginUserID'],
        ['CO', 'LoginPassword'],
        ['CP', 'LocationCode'],
      ]),
      sequence: '5',
      hasChecksum: true,
    });
  });

  it('reads a request without them, and one with a checksum alone, in small letters', () => {
    expect(read('9900302.00')).toMatchObject({ code: '99', fixed: '00302.00', ...plain });
    expect(read('97AZfef5')).toMatchObject({ code: '97', sequence: undefined, hasChecksum: true });
  });

  it('checks a checksum that blanks, NULs or empty fields follow', () => {
    for (const end of [' ', '\0', '|', '|||']) {
      expect(read(`${checked('9900302.00')}${end}`)).toMatchObject({
        code: '99',
        sequence: '1',
        hasChecksum: true,
      });
      expect(read(`9900302.00AY1AZFFFF${end}`)).toEqual({ code: undefined, hasChecksum: true });
    }
  });

  it('does not read a message whose checksum is cut, whatever follows', () => {
    const payment = feePaidMessage('5.00', 'CGf1|BKx-1|');
    for (const [message, withSequence] of [
      [payment, true],
      [payment, false],
      ['9900302.00', true],
    ] as const) {
      const text = `${message}${withSequence ? 'AY1' : ''}AZ`;
      const whole = text + sip2Checksum(bytesOf(text));
      expect(read(whole).code).toBe(message.slice(0, 2));
      // A bar ends a field of a message that has none before it.
      for (const end of message === payment ? ['', ' ', '\0', '|'] : ['', ' ', '\0'])
        for (let cut = 1; cut <= 4; cut++)
          expect(read(whole.slice(0, -cut) + end)).toEqual({ code: undefined, hasChecksum: true });
    }
  });

  it('reads values that end as half of a checksum does', () => {
    expect(read(`35${NOW}AABAZ12|`)).toMatchObject({ code: '35', fields: new Map([['AA', 'BAZ12']]) });
    expect(read(`35${NOW}AADAY1AZ|`)).toMatchObject({ code: '35', hasChecksum: false });
    expect(read(`35${NOW}AOnorth|AADAY1AZ`)).toMatchObject({ code: '35', hasChecksum: false });
  });

  it('ignores unknown fields, and texts that are not fields', () => {
    expect(read(`35${NOW}AAp1||X|ZZ?|AC|`)).toMatchObject({
      fields: new Map([
        ['AA', 'p1'],
        ['ZZ', '?'],
        ['AC', ''],
      ]),
    });
  });

  it('reads any other two-digit code as text, with repeated and short fields', () => {
    expect(read('29hello|AA1|AA2|')).toMatchObject({ code: '29', text: '29hello|AA1|AA2|', fixed: '' });
  });

  it.each([
    ['no code', 'GET / HTTP/1.1'],
    ['a fixed part that is too short', '3720260302'],
    ['a wrong checksum', '9900302.00AY1AZFCA6'],
    ['an invalid checksum', '9900302.00AY1AZ+CA5'],
    ['a field twice', `35${NOW}AAp1|AAp2|`],
  ])('does not read %s', (_name, text) => {
    expect(read(text).code).toBeUndefined();
  });

  it('says whether an unreadable message has a checksum', () => {
    expect(read('9900302.00AY1AZFCA6')).toEqual({ code: undefined, hasChecksum: true });
    expect(read('hello')).toEqual({ code: undefined, hasChecksum: false });
  });

  it('reads text as UTF-8 or as Latin 1, where every byte is a character', () => {
    const fieldIn = (encoding: 'utf-8' | 'latin1', bytes: readonly number[]) =>
      (
        readSip2Request(Uint8Array.from([...bytesOf(`35${NOW}AA`), ...bytes]), encoding) as Sip2Request
      ).fields.get('AA');
    expect(fieldIn('utf-8', [0xc3, 0xa9])).toBe('é');
    expect(fieldIn('utf-8', [0xe9])).toBe('\uFFFD');
    expect(fieldIn('latin1', [0xe9, 0x80])).toBe('é\u0080');
  });

  it('reads every message that another program could write, and throws for no bytes', () => {
    const value = fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[|\r\n]|A[YZ]/g, ''));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('AO', 'AA', 'AC', 'ZZ'), value, { noNullPrototype: true }),
        (fields) => {
          const body = Object.entries(fields).map(([id, text]) => `${id}${text}|`);
          const request = read(checked(`35${NOW}${body.join('')}`));
          expect(request).toMatchObject({ code: '35', sequence: '1', hasChecksum: true });
          expect((request as Sip2Request).fields).toEqual(new Map(Object.entries(fields)));
        },
      ),
      tried(200),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('utf-8', 'latin1'),
        (bytes, encoding) => {
          expect(readSip2Request(bytes, encoding)).toHaveProperty('hasChecksum');
        },
      ),
      tried(300),
    );
  });
});

describe('writeSip2Response', () => {
  it('leaves out fields without a value, and repeats a field for each entry of a list', () => {
    const fields = [
      ['AO', 'north'],
      ['AF', undefined],
      ['AE', ''],
      ['AV', ['one', 'two']],
    ] as const;
    expect(written('24', fields)).toBe('24AOnorth|AE|AVone|AVtwo|\r');
  });

  it('writes the sequence number and the checksum that the request had', () => {
    const request = { sequence: '0', hasChecksum: true };
    const bytes = writeSip2Response({ head: '941' }, request, { encoding: 'utf-8', lineEnd: '\r\n' });
    expect(new TextDecoder().decode(bytes)).toBe('941AY0AZFDFD\r\n');
    const resend = writeSip2Response(
      { head: '96' },
      { ...request, sequence: undefined },
      { encoding: 'utf-8', lineEnd: '\r' },
    );
    expect(new TextDecoder().decode(resend)).toBe('96AZFEF6\r');
  });

  it('prevents a value from ending a field or a message', () => {
    expect(written('24', [['AV', 'a|b\rc\nd\0e\u007f\u0085f']])).toBe('24AVa b c d e  f|\r');
  });

  it('cuts a value at 255 characters, never within a character', () => {
    const [value = ''] = written('24', [['AV', '🦉'.repeat(300)]])
      .slice(4)
      .split('|');
    expect([...value]).toHaveLength(255);
  });

  it('writes a question mark for characters that Latin-1 does not have', () => {
    const bytes = writeSip2Response({ head: '24', fields: [['AE', 'é€🦉']] }, plain, {
      encoding: 'latin1',
      lineEnd: '\r',
    });
    expect([...bytes.slice(4)]).toEqual([0xe9, 0x3f, 0x3f, 0x7c, 0x0d]);
  });
});

describe.each(['latin1', 'cp850', 'cp437'] as const)('%s', (encoding) => {
  it('has one character for each byte, and ASCII unchanged', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const text = decoded(bytes, encoding);
    expect([text.length, new Set(text).size]).toEqual([256, 256]);
    expect(encoded(text, encoding)).toEqual(bytes);
    expect(text.slice(0, 128)).toBe(String.fromCharCode(...bytes.slice(0, 128)));
  });

  it('writes one byte for each character of any text, and a question mark for characters not in the encoding (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = decoded(encoded(text, encoding), encoding);
        expect([...read].every((character, n) => character === '?' || character === [...text][n])).toBe(true);
        expect([...read]).toHaveLength([...text].length);
      }),
      tried(200),
    );
  });
});

// As Python's codecs read them.
it.each([
  ['cp850', 'Zoë, Ærø, façade, Ñandú', [0x89, 0x92, 0x9b, 0x87, 0xa5, 0xa3]],
  [
    'cp850',
    'ÁÂÀãÃðÐÊËÈıÓßÔÒõÕþÞÚÛÙýÝ',
    [
      0xb5, 0xb6, 0xb7, 0xc6, 0xc7, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5,
      0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed,
    ],
  ],
  ['cp437', 'Zoë, naïve, Øre £', [0x89, 0x8b, 0x3f, 0x9c]],
  ['cp437', 'αßΓπΣσµτ', [0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7]],
] as const)('%s writes %s as terminals of DOS do', (encoding, text, upper) => {
  const bytes = [...encoded(text, encoding)];
  expect(bytes.filter((byte) => byte > 127 || byte === 0x3f)).toEqual(upper);
});

describe('a terminal with the code page 850', () => {
  const zoe = { patronId: 'p2', name: 'Zoë Ærø' };

  it('shows the name, and finds a patron whose card has letters', async () => {
    const asked: string[] = [];
    const { service } = await terminal({
      encoding: 'cp850',
      patron: ({ identifier }) => {
        asked.push(identifier);
        return zoe;
      },
    });
    const request = Uint8Array.from([...bytesOf(`23001${NOW}AOnorth|AAZo`), 0x89, ...bytesOf('|\r')]);
    const received: number[] = [];
    for await (const response of service.connect().receive(request)) received.push(...response);
    expect(asked).toEqual(['Zoë']);
    const name = [0x5a, 0x6f, 0x89, 0x20, 0x92, 0x72, 0x9b];
    expect(received.join()).toContain(`65,69,${name.join()},124`);
  });

  it('may have any other encoding, by functions', async () => {
    const encoding = {
      decode: (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replaceAll('~', 'ő'),
      encode: (text: string) => Buffer.from(text.replaceAll('ő', '~'), 'latin1'),
    };
    const { ask } = await terminal({ encoding, patron: () => ({ ...zoe, name: 'Jenő' }) });
    expect(await ask(`23001${NOW}AOnorth|AA1|`)).toContain('|AEJen~|');
  });
});
