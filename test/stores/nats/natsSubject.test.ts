import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamOf, subjectOf } from '../../../src/stores/nats/natsSubject.js';
import { tried } from '../../support/seeded.js';

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
