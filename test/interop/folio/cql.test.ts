import { expect, it } from 'vitest';
import { parseCql } from '../../../src/interop/folio/cql.js';
import { cqlTerms } from '../../../src/interop/folio/cqlMatches.js';

const fields = [
  'id',
  'userId',
  'status.name',
  'paymentStatus.name',
  'remaining',
  'typeAction',
  'accountId',
  'title',
];

it.each([
  ['', 1, 'a field'],
  ['userId', 7, 'a relation'],
  ['userId=', 8, 'a term'],
  ['userId==u and', 14, 'a field'],
  ['userId==u status.name==Open', 11, 'and, or, not'],
  ['(userId==u', 11, 'and, or, not or )'],
  ['userId=="u', 9, 'a closing "'],
  ['name==u', 1, 'one of the fields'],
  ['userId any u', 8, 'a relation'],
  ['userId==/ignoreCase u', 9, 'a term'],
  ['userId==u prox id==a', 11, 'and, or, not'],
  ['userId==u sortby', 17, 'a field'],
  ['userId==u sortby id/up', 21, 'sort.ascending'],
  [`${'('.repeat(41)}`, 42, 'no more than 40'],
])('refuses %s at character %i: %s', (query, position, expected) => {
  expect(parseCql(query, fields)).toEqual({ position, expected: expect.stringContaining(expected) });
});

it('reads the longest query that an address can have', () => {
  const query = `id==(${Array.from({ length: 1_500 }, (_, n) => `a${n}`).join(' or ')})`;
  const parsed = parseCql(query, fields);
  expect('query' in parsed && cqlTerms(parsed.query, 'id').length).toBe(1_500);
});
