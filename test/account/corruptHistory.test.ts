import { describe, expect, it } from 'vitest';
import { corrupt, historyError } from '../../src/account/corruptHistory.js';
import { isPatronFeesError, PatronFeesError } from '../../src/errors.js';
import { shown } from '../../src/input/shown.js';
import { corruptHistories } from '../support/corruptHistories/corruptHistories.js';
import { assessed, errorOf, faultOf } from '../support/events.js';

describe.each(Object.entries(corruptHistories))('%s', (name, cases) => {
  it.each(cases)('reports $title', ({ history, next, expected, found }) => {
    const fault = faultOf(history, next);
    if (found === 'TypeError') {
      expect(fault).toEqual({ fault: name, expected, found: expect.stringMatching(/^TypeError: /) });
    } else {
      expect(fault).toEqual({ fault: name, expected, found });
    }
  });
});

describe('corrupt', () => {
  it('throws the fault with the expected and the found value', () => {
    const error = errorOf(() => corrupt('OtherCurrency', 'EUR', 'USD'));
    expect(isPatronFeesError(error, 'CORRUPT_HISTORY')).toBe(true);
    expect(error.message).toBe('CORRUPT_HISTORY: OtherCurrency: expected EUR, found USD');
    expect(error.details).toEqual({ fault: 'OtherCurrency', expected: 'EUR', found: 'USD' });
  });
});

describe('historyError', () => {
  const event = assessed('f1', '1.00');

  it('adds the position and the type of the event to a fault', () => {
    const thrown = errorOf(() => corrupt('OtherCurrency', 'EUR', 'USD'));
    const error = historyError(thrown, 4, event);
    expect(error.message).toBe(
      'CORRUPT_HISTORY: event 5 (FeeAssessed): OtherCurrency: expected EUR, found USD',
    );
    expect(error.details).toEqual({
      fault: 'OtherCurrency',
      position: 5,
      eventType: 'FeeAssessed',
      expected: 'EUR',
      found: 'USD',
    });
    expect(historyError(error, 7, event)).toBe(error);
  });

  it('returns other errors of this library unchanged', () => {
    const error = new PatronFeesError('INVALID_ARGUMENT', 'not a fault');
    expect(historyError(error, 0, event)).toBe(error);
  });

  it('reports any other failure as a malformed event', () => {
    const unprintable = Object.create(null) as object;
    const found = [new TypeError('no data'), 'a text', undefined, unprintable].map(
      (thrown) => historyError(thrown, 0, event).details.found,
    );
    expect(found).toEqual(['TypeError: no data', 'a text', 'undefined', undefined]);
  });

  it('does not read the type of an event whose getter throws', () => {
    const hostile = {
      get type() {
        throw new Error('never');
      },
    };
    expect(historyError(new Error('x'), 2, hostile as never).details).toEqual({
      fault: 'MalformedEvent',
      position: 3,
      eventType: undefined,
      expected: 'an event',
      found: 'Error: x',
    });
  });

  it('names the stream if it has a name', () => {
    const error = historyError(new Error('x'), 0, event, 'north/p1');
    expect(error.message).toBe(
      'CORRUPT_HISTORY: north/p1: event 1 (FeeAssessed): MalformedEvent: expected an event, found Error: x',
    );
    expect(error.details.stream).toBe('north/p1');
  });
});

describe('shown', () => {
  it.each([
    ['text', 'text'],
    [17, '17'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [17n, 'bigint'],
    [Symbol('x'), 'symbol'],
    [['f1'], 'object'],
    [{ toString: () => 'a trap' }, 'object'],
    ['x'.repeat(10_000), 'x'.repeat(100)],
  ])('formats a value briefly and without running its code', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});
