import { describe, expect, it } from 'vitest';
import {
  checkedAppend,
  checkedEvents,
  checkedPage,
  checkedRead,
  checkedStream,
} from '../../src/history/storeArguments.js';

const refused = (path: string) =>
  expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    details: { faults: expect.arrayContaining([expect.objectContaining({ path })]) },
  });

describe('the arguments of an event store', () => {
  it('reduce a stream to institution and patron', () => {
    const patron = { institution: 'north', patronId: '17', name: 'Ada' };
    expect(checkedStream(patron)).toEqual({ institution: 'north', patronId: '17' });
  });

  it.each([
    [undefined, 'stream'],
    [null, 'stream'],
    ['north/17', 'stream'],
    [{ institution: 'north' }, 'stream.patronId'],
    [{ institution: '', patronId: '17' }, 'stream.institution'],
    [{ institution: 'north', patronId: 17 }, 'stream.patronId'],
    [{ institution: 'north', patronId: 'a\u0000b' }, 'stream.patronId'],
    [{ institution: 'north', patronId: 'x'.repeat(201) }, 'stream.patronId'],
    [{ institution: '\ud800', patronId: '17' }, 'stream.institution'],
  ])('are refused for the stream %j', (stream, path) => {
    expect(() => checkedStream(stream as never)).toThrow(refused(path));
  });

  it('are read from the entries of a list of events, not from its iterator', () => {
    const list = Object.assign(['a', 'b'], { [Symbol.iterator]: () => [].values() });
    expect(checkedEvents(list)).toEqual(['a', 'b']);
  });

  it('are optional, except the expected version', () => {
    expect(checkedRead()).toEqual({ after: 0 });
    expect(checkedRead({ after: undefined, limit: undefined } as never)).toMatchObject({ after: 0 });
    expect(checkedPage()).toEqual({});
    expect(checkedAppend({ expectedVersion: 'any' })).toEqual({ expectedVersion: 'any' });
    expect(() => checkedAppend(undefined as never)).toThrow(refused('options'));
    expect(() => checkedAppend({} as never)).toThrow(refused('options.expectedVersion'));
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', 1n, null, 'none'])(
    'are refused if a version is %s',
    (version) => {
      expect(() => checkedRead({ after: version } as never)).toThrow(refused('options.after'));
      expect(() => checkedAppend({ expectedVersion: version } as never)).toThrow(
        refused('options.expectedVersion'),
      );
    },
  );

  it.each([0, -1, 1.5, Number.NaN, '10'])('are refused if a limit is %s', (limit) => {
    expect(() => checkedRead({ limit } as never)).toThrow(refused('options.limit'));
    expect(() => checkedPage({ limit } as never)).toThrow(refused('options.limit'));
  });

  it('are refused if a cursor is not a string, or an institution not a name', () => {
    expect(() => checkedPage({ after: 3 } as never)).toThrow(refused('options.after'));
    expect(() => checkedPage({ institution: '' })).toThrow(refused('options.institution'));
  });

  it.each([undefined, null, 'FeeWaived', { length: 1 }])('are refused if the events are %j', (events) => {
    expect(() => checkedEvents(events as never)).toThrow(refused('events'));
  });
});
