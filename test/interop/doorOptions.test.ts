import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { admit, checkedCode, isAuthorized, libraryNames, mayOwn } from '../../src/interop/doorOptions.js';
import { serviceContext } from '../../src/interop/serviceOptions.js';

const now = () => '2026-03-02T09:00:00Z';
const service = {
  store: memoryEventStore({ now }),
  policy: definePolicy({ currency: 'USD' }),
  institution: 'NORTH',
  now,
  newId: () => 'id',
};

it('mayOwn accepts the libraries, but not the institution', () => {
  const { institution } = service;
  for (const libraries of [['MAIN'], { MAIN: 'Main Library' }]) {
    const own = { institution, libraries };
    expect(['MAIN', 'MUS', 'NORTH', 'toString'].map((code) => mayOwn(code, own))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  }
  expect([mayOwn('MUS', { institution }), mayOwn('NORTH', { institution })]).toEqual([true, false]);
});

it('libraryNames returns the known names', () => {
  expect(libraryNames({ libraries: { MAIN: 'Main Library' } })).toEqual({ MAIN: 'Main Library' });
  expect([libraryNames({ libraries: ['MAIN'] }), libraryNames({})]).toEqual([{}, {}]);
});

it('isAuthorized accepts only true', async () => {
  expect(await isAuthorized({}, 'x')).toBe(true);
  for (const said of [true, false, 'yes']) {
    const authorize = () => Promise.resolve(said as boolean);
    expect(await isAuthorized({ authorize }, 'x')).toBe(said === true);
  }
});

it('checkedCode throws for a code that a table does not have', () => {
  const where = { path: 'options.method', expected: 'a method' };
  expect(() => checkedCode('toString', {}, where)).toThrow(
    'options.method: expected a method, found toString',
  );
  checkedCode(undefined, {}, where);
  checkedCode('CASH', { CASH: 'Cash' }, where);
});

describe('admit', () => {
  it('returns the accounts of a patron, and the actor', async () => {
    const asked: string[] = [];
    const patron = (id: string) => {
      asked.push(id);
      return id === 'a' ? { patronId: 'p1' } : undefined;
    };
    const settings = { ...serviceContext(service), patron };
    expect(await admit(settings, 'a', 'a')).toMatchObject({
      patron: { patronId: 'p1' },
      group: [{ patronId: 'p1' }],
      by: { channel: 'online', institution: 'NORTH' },
    });
    expect(await admit(settings, 'b', 'b')).toBeUndefined();
    expect(await admit(settings, 'c', 'x'.repeat(300))).toBeUndefined();
    expect(asked).toEqual(['a', 'b']);
    const actor = () => ({ channel: 'desk' as const });
    expect((await admit({ ...settings, actor }, 'a', 'a'))?.by).toEqual({ channel: 'desk' });
  });
});
