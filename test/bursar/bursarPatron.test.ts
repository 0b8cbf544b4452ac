import { describe, expect, it } from 'vitest';
import { patronLookup } from '../../src/bursar/bursarPatron.js';
import type { BursarPatrons } from '../../src/bursar/index.js';

const ada = { patronId: 'a', name: 'Ada', group: 'STAFF', identifier: '17', hasOverdueLoans: false };
const known = { patronId: 'a', name: 'Ada', group: 'STAFF', identifier: '17' };

async function* streamed<Entry>(entries: readonly Entry[]) {
  yield* entries;
}

const directories: readonly (readonly [string, () => BursarPatrons])[] = [
  ['a list', () => [ada, { patronId: '__proto__' }]],
  ['a stream', () => streamed([ada, { patronId: '__proto__' }])],
  [
    'a function',
    () => (patronId) => [ada, { patronId: '__proto__' }].find((one) => one.patronId === patronId),
  ],
  ['a function that takes its time', () => async (patronId) => (patronId === 'a' ? ada : { patronId })],
];

describe.each(directories)('a directory that is %s', (_name, directory) => {
  it('finds patrons by id', async () => {
    const lookUp = await patronLookup(directory(), 'north');
    expect(await lookUp('a')).toEqual(known);
    expect(await lookUp('__proto__')).toEqual({ patronId: '__proto__' });
  });
});

describe('a directory', () => {
  it('returns null for an unknown patron', async () => {
    for (const empty of [[], () => undefined, async () => undefined] satisfies BursarPatrons[]) {
      expect(await (await patronLookup(empty, 'north'))('constructor')).toBeNull();
    }
  });

  it('with several institutions returns the patrons of one, and the later of two entries', async () => {
    const entries = [
      { patronId: 'a', name: 'Ada' },
      { patronId: 'a', name: 'Ada Lovelace', institution: 'north' },
      { patronId: 'a', name: 'Another', institution: 'south' },
    ];
    expect(await (await patronLookup(entries, 'north'))('a')).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('that returns another patron is refused: the bill would go to the wrong person', async () => {
    for (const other of [{ patronId: 'A' }, { patronId: 'a', institution: 'south' }]) {
      const lookUp = await patronLookup(() => other, 'north');
      await expect(lookUp('a')).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('patrons("a"): expected that patron of north'),
      });
    }
  });

  it.each([null, 17, {}, { patronId: '' }, { patronId: 'a', name: 5 }, []])(
    'refuses %j as a patron',
    async (entry) => {
      const faulty = [ada, entry] as never;
      await expect(patronLookup(faulty, 'north')).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('patrons[1]'),
      });
      const lookUp = await patronLookup((() => entry) as never, 'north');
      await expect(lookUp('b')).rejects.toMatchObject({ message: expect.stringContaining('patrons("b")') });
    },
  );
});
