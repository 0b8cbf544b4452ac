import { describe, expect, it } from 'vitest';
import { officeLogs } from '../../scripts/goldenOffice.js';
import { foldOfficeStream } from '../../src/office/foldOfficeStream.js';
import { foldTill } from '../../src/office/till/till.js';

const at = (stream: string) => ({ institution: 'north', stream });

describe('foldOfficeStream', () => {
  it.each(Object.entries(officeLogs))('folds the log %s', (_, { stream, events }) => {
    expect(() => foldOfficeStream(at(stream), events)).not.toThrow();
  });

  it('folds by the kind of the stream, and names the stream of an event that does not fit', () => {
    const { stream = '', events = [] } = officeLogs['a-till'] ?? {};
    expect(foldOfficeStream(at(stream), events)).toEqual(foldTill(events as never));
    expect(() => foldOfficeStream(at(stream), [...events, ...events])).toThrow(
      /CORRUPT_HISTORY: north\/till:CIRC/,
    );
    expect(() => foldOfficeStream(at('till:CIRC'), [null] as never)).toThrow('INVALID_EVENT');
  });
});
