import { describe, expect, it } from 'vitest';
import { faultOf, faultText, notJson, readEventLine } from '../../src/cli/eventLine.js';
import { storedLines, threeEvents } from '../support/commandLine.js';

const [stored = ''] = storedLines(['u17']);

describe('a line', () => {
  it('is an event, or an event as a store returns it', () => {
    const [event] = threeEvents();
    const nobody = { line: 4, stream: null, version: null, recordedAt: null, event };
    expect(readEventLine(JSON.stringify(event), 4)).toEqual(nobody);
    expect(readEventLine(JSON.stringify({ event }), 4)).toEqual(nobody);
    const stream = { institution: 'north', patronId: 'u17' };
    expect(readEventLine(stored, 4)).toEqual({
      line: 4,
      stream,
      version: 1,
      recordedAt: event?.data.at,
      event,
    });
  });

  it.each([
    ['not JSON', '{"type": nonsense}', 'NOT_JSON', 'nonsense'],
    ['a list', '[{"type":"FeeDisputed"}]', 'NOT_JSON', '['],
    ['ends too early', '{"type":"FeeAssessed"', 'NOT_JSON', ''],
    ['a comma too much', '{"a":1,}', 'NOT_JSON', '}'],
    ['an amount with a wrong sign', stored.replace('"12.50"', '"-12.50"'), 'INVALID_EVENT', '"-12.50"'],
    ['a field that is missing', stored.replace('"owner":"MAIN",', ''), 'INVALID_EVENT', '{"feeId"'],
    ['an unknown event', stored.replace('FeeAssessed', 'FeeGuessed'), 'INVALID_EVENT', '"FeeGuessed"'],
    ['a version that is no number', stored.replace(':1,', ':"1",'), 'INVALID_LINE', '"1"'],
    ['an empty patron', stored.replace('"u17"', '""'), 'INVALID_LINE', '""'],
    ['no institution', stored.replace('"institution":"north",', ''), 'INVALID_LINE', '{'],
    [
      'a text that is not a time',
      stored.replace(/"recordedAt":"[^"]+"/, '"recordedAt":"x"'),
      'INVALID_LINE',
      '"x"',
    ],
    ['a number', '7', 'INVALID_EVENT', '7'],
  ])('with %s is refused at its column', (_, text, code, there) => {
    const fault = readEventLine(text, 1) as { code: string; column: number };
    expect(fault.code).toBe(code);
    expect(text.slice(fault.column - 1).startsWith(there)).toBe(true);
    if (there === '') expect(fault.column).toBe(text.length + 1);
  });

  it('never shows the texts of patrons', () => {
    const text = stored.replace('"owner":"MAIN"', '"owner":7');
    expect(text).toContain('Emma');
    expect(JSON.stringify(readEventLine(text, 1))).not.toContain('Emma');
  });
});

it('a fault names file, line and column, or the event of a store', () => {
  const event = { ...(readEventLine(stored, 3) as never as { line: number }), line: 3 };
  const error = { code: 'CORRUPT_HISTORY', message: 'CORRUPT_HISTORY: does not fit' };
  expect(faultText(faultOf('a.jsonl', event as never, error))).toBe('a.jsonl:3:1: does not fit');
  const ofStore = faultOf('sqlite:a.db', { ...event, line: 0 } as never, error);
  expect(faultText(ofStore)).toBe('sqlite:a.db: u17, version 1: does not fit');
  expect(notJson(' ').message).toBe('expected an event, found an empty line');
});
