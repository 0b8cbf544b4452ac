import { expect, it } from 'vitest';
import { staffUsers } from '../../../src/jobs/reports/staffUsers.js';

it('takes spellings of one user as one, with the roles of all', () => {
  const users = staffUsers({ Ana: ['CLERK'], ' ana': ['CHIEF', 'CLERK'], ßen: [] });
  expect(users.rolesOf('ANA')).toEqual(['CLERK', 'CHIEF']);
  expect(users.keyOf('ana ')).toBe(users.keyOf('Ａｎａ'));
  expect([users.isKnown('ana'), users.isKnown('ssen'), users.isKnown('mo')]).toEqual([true, true, false]);
  expect([users.nameOf('ssEN'), users.nameOf('Mo'), users.nameOf('mo')]).toEqual(['ßen', 'Mo', 'Mo']);
});

it('has nobody for no user and for blanks', () => {
  const users = staffUsers({});
  for (const nobody of [undefined, ' ']) {
    expect([users.keyOf(nobody), users.nameOf(nobody), users.rolesOf(nobody)]).toEqual([null, null, []]);
  }
});
