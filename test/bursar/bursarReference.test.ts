import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bursarReference, parseBursarReference } from '../../src/bursar/index.js';
import { csvLines } from '../../src/job/csv.js';
import { strangeIds } from '../support/hostile.js';

const id = fc.oneof(
  fc.constantFrom(...strangeIds),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .filter((text) => !/[\0\p{Surrogate}]/u.test(text)),
);

describe('the reference of a transfer', () => {
  it('identifies the patron and the transfer, whatever their ids look like', () => {
    fc.assert(
      fc.property(id, id, (patronId, transferId) => {
        expect(parseBursarReference(bursarReference({ patronId, transferId }))).toEqual({
          patronId,
          transferId,
        });
      }),
    );
  });

  it('is plain ASCII that needs no quoting or escaping in CSV', () => {
    fc.assert(
      fc.property(id, id, (patronId, transferId) => {
        const reference = bursarReference({ patronId, transferId });
        expect(reference).toMatch(/^[\w.!~*()%#@-]+$/);
        expect(csvLines([[reference]])).toBe(`${reference}\r\n`);
      }),
    );
  });

  it('must be a string', () => {
    for (const other of [undefined, null, 17, [], ['u17@t'], {}]) {
      expect(parseBursarReference(other as never)).toBeUndefined();
    }
  });

  it('is readable if the ids are', () => {
    expect(bursarReference({ patronId: 'u17', transferId: 'export-9#1' })).toBe('u17@export-9#1');
    expect(bursarReference({ patronId: '-17', transferId: "o'b@c d" })).toBe('%2D17@o%27b%40c%20d');
  });

  it('consists of ids only', () => {
    const parts = { patronId: '\ud800', transferId: '' };
    expect(() => bursarReference(parts)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it.each(['', 'u17', '@', 'u17@', '@t', 'a@b@c', '%@t', '%ff@t', 'u17@%00', `${'x'.repeat(201)}@t`])(
    'cannot be %j',
    (text) => {
      expect(parseBursarReference(text)).toBeUndefined();
    },
  );
});
