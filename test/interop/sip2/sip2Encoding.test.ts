import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoded, encoded } from '../../../src/interop/sip2/sip2Encoding.js';
import { tried } from '../../support/seeded.js';
import { bytesOf, NOW, terminal } from './terminal.js';

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
