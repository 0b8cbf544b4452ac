import fc from 'fast-check';
import { encodeEvent } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { accountEvents } from '../../../src/history/codec.js';
import {
  EARLIER_MAX,
  eventsOf,
  messageAfter,
  type NatsMessage,
  readMessage,
  streamOf,
  subjectOf,
} from '../../../src/stores/nats/natsDriver.js';
import { assessedFee } from '../../support/assessedFee.js';
import { tried } from '../../support/seeded.js';

const texts = [assessedFee('f1'), assessedFee('f2')].map(encodeEvent);

function stored(text: string, timestamp = '2026-03-02T09:00:00.5Z', seq = 7) {
  return { subject: 'fees.north.p1', seq, timestamp, data: new TextEncoder().encode(text) };
}

const first = readMessage(stored(messageAfter(undefined, { appendId: 'a1', texts })));

describe('a message', () => {
  it('has a head line and a line for each event: the storage format', () => {
    expect(messageAfter(first, { appendId: 'a2', texts: texts.slice(1) })).toBe(
      [
        '{"format":1,"appendId":"a2","after":2,"count":1,"notBefore":"2026-03-02T09:00:00.5Z","earlier":[7]}',
        '{"type":"FeeAssessed","data":{"feeId":"f2","feeType":"OTHER","amount":"2.50","currency":"USD","owner":"MAIN","at":"2026-03-02T09:00:00Z"}}',
      ].join('\n'),
    );
  });

  it('has events with their versions and the time when the server stored them', () => {
    const second = readMessage(
      stored(messageAfter(first, { appendId: 'a2', texts }), '2026-03-02T09:00:01Z', 9),
    );
    expect([second.after, second.version, second.sequence]).toEqual([2, 4, 9]);
    expect(eventsOf(second, accountEvents)).toEqual([
      { version: 3, recordedAt: '2026-03-02T09:00:01Z', event: assessedFee('f1') },
      { version: 4, recordedAt: '2026-03-02T09:00:01Z', event: assessedFee('f2') },
    ]);
  });

  it('is recorded no earlier than the message before it, if the clock of its server is behind', () => {
    const second = readMessage(
      stored(messageAfter(first, { appendId: 'a2', texts }), '2026-03-02T08:59:59Z'),
    );
    expect(second.recordedAt).toBe('2026-03-02T09:00:00.5Z');
  });

  it('keeps the recording time of a copy, unless it goes back', () => {
    const at = (recordedAt: string, previous?: NatsMessage) =>
      readMessage(stored(messageAfter(previous, { appendId: 'a2', recordedAt, texts }))).recordedAt;
    expect(at('2019-01-01T00:00:00Z')).toBe('2019-01-01T00:00:00Z');
    expect(at('2019-01-01T00:00:00Z', first)).toBe('2026-03-02T09:00:00.5Z');
  });

  it('lists the messages before it, and starts again with the last one after many', () => {
    let message = first;
    const named: number[][] = [];
    for (let seq = 8; seq < 8 + EARLIER_MAX + 2; seq++) {
      message = readMessage(stored(messageAfter(message, { appendId: 'a', texts }), undefined, seq));
      named.push([...message.earlier]);
    }
    expect(named[0]).toEqual([7]);
    expect(named[EARLIER_MAX - 1]).toHaveLength(EARLIER_MAX);
    expect(named[EARLIER_MAX]).toEqual([7 + EARLIER_MAX]);
    expect(named[EARLIER_MAX + 1]).toEqual([7 + EARLIER_MAX, 8 + EARLIER_MAX]);
  });

  it.each([
    '',
    'hello',
    '{}',
    '{"format":2,"appendId":"a","after":0,"count":1,"earlier":[]}\n{}',
    '{"format":1,"appendId":"a","after":0,"count":2,"earlier":[]}\n{}',
    '{"format":1,"appendId":"a","after":-1,"count":1,"earlier":[]}\n{}',
    'null\n{}',
  ])('is refused in another format: %j', (text) => {
    expect(() => readMessage(stored(text))).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT', details: { sequence: 7, subject: 'fees.north.p1' } }),
    );
  });
});

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });

describe('the subject of an account', () => {
  it('is readable for plain ids', () => {
    expect(subjectOf('fees', { institution: 'north', patronId: 'P-17_b' })).toBe('fees.north.P-17_b');
  });

  it.each(['.', '*', '>', ' ', 'a.b', '=YQ', '한국어', '$JS', '\t'])(
    'encodes %j in letters and digits',
    (patronId) => {
      const subject = subjectOf('fees', { institution: 'north', patronId });
      expect(subject).toMatch(/^fees\.north\.=[\w-]+$/);
      expect(streamOf(subject)).toEqual({ institution: 'north', patronId });
    },
  );

  it('has three words and decodes to its account, whatever the ids are', () => {
    fc.assert(
      fc.property(id, id, (institution, patronId) => {
        const subject = subjectOf('fees', { institution, patronId });
        expect(subject).toMatch(/^fees\.=?[\w-]+\.=?[\w-]+$/);
        expect(streamOf(subject)).toEqual({ institution, patronId });
      }),
      tried(1000),
    );
  });

  it('decodes to its account with a prefix of several words', () => {
    const account = { institution: 'north', patronId: 'p.1' };
    expect(streamOf(subjectOf('consortium.fees', account))).toEqual(account);
  });
});
