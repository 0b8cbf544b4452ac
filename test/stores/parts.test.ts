import fc from 'fast-check';
import { expect, it } from 'vitest';
import { namesIn, partNames, partsToNote, withoutPart } from '../../src/stores/parts.js';
import { tried } from '../support/seeded.js';

const names = fc.array(fc.constantFrom('accounts', 'outbox', 'mine', 'z'));
const ownOf = (list: readonly string[]) => partNames(list.map((name) => ({ name })))({});

it('the parts are stored as one text with each name once, whatever their order and number', () => {
  fc.assert(
    fc.property(names, (list) => {
      expect(ownOf(list)).toBe(ownOf([...list].reverse()));
      expect(namesIn(ownOf(list))).toEqual([...new Set(list)].sort());
    }),
    tried(200),
  );
  expect(partNames([{ name: 'z' }, {}])({ underKeys: true })).toBe('keys,z');
});

it('new parts are added if the store has all earlier ones; otherwise it is refused with the missing names', () => {
  fc.assert(
    fc.property(names, names, (noted, own) => {
      const missing = [...new Set(noted)].filter((name) => !own.includes(name)).sort();
      const note = () => partsToNote(ownOf(noted), ownOf(own));
      if (missing.length > 0) expect(note).toThrow(expect.objectContaining({ details: { missing } }));
      else expect(note()).toBe(ownOf(noted) === ownOf(own) ? undefined : ownOf(own));
    }),
    tried(200),
  );
});

it('parts are removed one by one', () => {
  expect(withoutPart('accounts,outbox', 'accounts')).toBe('outbox');
  expect(withoutPart('outbox', 'accounts')).toBeUndefined();
  expect(() => withoutPart('outbox', '')).toThrow('expected the name of a part');
});
