import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_BYTES_MAX, messageSplitter, TOO_LONG } from '../../../src/interop/sip2/messageSplitter.js';
import { tried } from '../../support/seeded.js';
import { bytesOf } from './terminal.js';

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
