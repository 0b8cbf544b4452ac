import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountEvents,
  decodeEvent,
  decodeEvents,
  encodeEvent,
  encodeEvents,
  recordedEventOf,
  streamOf,
} from '../../src/history/codec.js';
import type { AccountEvent } from '../../src/index.js';
import { goldenEvent, goldenEvents } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';

const invalid = (details: object) =>
  expect.objectContaining({ code: 'INVALID_EVENT', details: expect.objectContaining(details) });

describe('an event as JSON text', () => {
  it.each(goldenEvents.map((event) => [event.type, event] as const))('returns a %s unchanged', (_, event) => {
    expect(decodeEvent(encodeEvent(event))).toStrictEqual(event);
    expect(encodeEvent(decodeEvent(encodeEvent(event)))).toBe(encodeEvent(event));
  });

  it('keeps every character of ids and free text', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((id) => !id.includes('\u0000'));
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary' }), (feeId, comment) => {
        const event: AccountEvent = {
          type: 'FeeDisputed',
          data: { disputeId: 'd', feeId, comment, at: '2026-03-02T09:00Z' },
        };
        expect(encodeEvent(event)).not.toContain('\n');
        expect(decodeEvent(encodeEvent(event))).toStrictEqual(event);
      }),
      tried(1000),
    );
  });

  it('keeps digits beyond the precision of a number', () => {
    const event = {
      ...goldenEvent('FeeDisputed'),
      data: { ...goldenEvent('FeeDisputed').data, feeId: '9007199254740993' },
    };
    expect(decodeEvent(encodeEvent(event)).data).toHaveProperty('feeId', '9007199254740993');
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"FeeAssessed"',
    '{"type":"FeeAssessed"}',
    '{"type":"NoSuchEvent","data":{}}',
    'undefined',
  ])('is refused when it is %j', (text) => {
    expect(() => decodeEvent(text)).toThrow(invalid({ faults: expect.anything() }));
  });

  it('is refused if it is not a string', () => {
    expect(() => decodeEvent(undefined as never)).toThrow(invalid({}));
    expect(() => decodeEvent(Symbol('text') as never)).toThrow(invalid({}));
  });

  it('is not written for an invalid event', () => {
    expect(() => encodeEvent({ ...goldenEvent('FeeWaived'), data: {} } as never)).toThrow(invalid({}));
    expect(() => encodeEvent(undefined as never)).toThrow(invalid({}));
  });
});

describe('events as NDJSON', () => {
  it('are returned in the same order, one per line', () => {
    const text = encodeEvents(goldenEvents);
    expect(text.split('\n')).toHaveLength(goldenEvents.length + 1);
    expect(decodeEvents(text)).toStrictEqual(goldenEvents);
  });

  it('may be empty', () => {
    expect(encodeEvents([])).toBe('');
    expect(decodeEvents('')).toEqual([]);
  });

  it('are a string', () => {
    expect(() => decodeEvents(undefined as never)).toThrow('INVALID_ARGUMENT: text: missing (expected text)');
  });

  it('may have CRLF line ends, and a last line without an end', () => {
    const text = encodeEvents(goldenEvents);
    expect(decodeEvents(text.replaceAll('\n', '\r\n'))).toStrictEqual(goldenEvents);
    expect(decodeEvents(text.trimEnd())).toStrictEqual(goldenEvents);
  });

  it('come from any iterable', () => {
    expect(encodeEvents(new Set(goldenEvents.slice(0, 2)))).toBe(encodeEvents(goldenEvents.slice(0, 2)));
  });

  it.each([
    ['a truncated line', (text: string) => text.slice(0, -20)],
    ['an empty line', (text: string) => `${text}\n`],
    ['a line with two events', (text: string) => text.replace(/\n(?=.*\n$)/, '')],
  ])('are refused with %s, naming the line', (_, damage) => {
    const text = encodeEvents(goldenEvents.slice(0, 3));
    expect(() => decodeEvents(damage(text))).toThrow(invalid({ line: expect.any(Number) }));
    expect(() => decodeEvents(damage(text))).toThrow(/^INVALID_EVENT: line [234]: /);
  });

  it('are not written if one of them is invalid', () => {
    const events = [goldenEvent('FeeDisputed'), { type: 'FeeForgotten' } as never];
    expect(() => encodeEvents(events)).toThrow(invalid({ line: 2 }));
  });
});

describe('a row of an SQL table', () => {
  const at = '2026-03-02T09:00:00Z';
  const event = '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}';

  it.each([1, '1', 1n])('reads a row with integers such as %o', (version) => {
    expect(recordedEventOf({ version, recorded_at: at, event }, accountEvents)).toEqual({
      version: 1,
      recordedAt: at,
      event: JSON.parse(event),
    });
  });

  it('returns the stream of a row', () => {
    expect(streamOf({ institution: 'north', patron_id: '17', version: 1 })).toEqual({
      institution: 'north',
      patronId: '17',
    });
  });
});
