import { describe, expect, it } from 'vitest';
import { cqlSelect, cqlTerms, cqlValues, parseCql } from '../../../src/interop/folio/cql.js';

describe('cql', () => {
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
});

describe('cqlMatches', () => {
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

  const records = [
    {
      id: 'a',
      userId: 'u',
      status: { name: 'Open' },
      paymentStatus: { name: 'Outstanding' },
      remaining: 2,
      title: 'The Hobbit',
    },
    { id: 'b', userId: 'u', status: { name: 'Closed' }, paymentStatus: { name: 'Paid fully' }, remaining: 0 },
    {
      id: 'c',
      userId: 'v',
      status: { name: 'Open' },
      paymentStatus: { name: 'Suspended claim returned' },
      remaining: 1.5,
    },
  ];

  function found(query: string): string {
    const parsed = parseCql(query, fields);
    if ('position' in parsed) throw new Error(`${parsed.expected} at ${parsed.position}`);
    return cqlSelect(parsed, records)
      .map(({ id }) => id)
      .join('');
  }

  describe('queries of clients find', () => {
    it.each([
      // VuFind and Aspen
      ['userId==u and status.name==Open', 'a'],
      // edge-sip2
      ['userId=="u" and status.name=="Open" and id=="a"', 'a'],
      ['id==(a or b)', 'ab'],
      // fsip2
      ['userId=="v" and status.name=="Open" and paymentStatus.name<>"Suspended claim returned"', ''],
      ['id=="a" AND status.name=="open"', 'a'],
      // the bursar export
      ['remaining > 0.0', 'ac'],
      ['(id==("a" or "b") and paymentStatus.name==("Paid fully" or "Paid partially"))', 'b'],
      // mod-patron-blocks, mod-ncip
      ['status.name=open', 'ac'],
      ['(userId==(u))', 'ab'],
      ['cql.allRecords=1', 'abc'],
      // what others may send
      ['cql.allRecords=1 not userId==u', 'c'],
      ['userId==u or userId==v and remaining>=1.5', 'ac'],
      ['title="hobbit"', 'a'],
      ['title=hob*', 'a'],
      ['title=="The*bit"', 'a'],
      ['title=="hobbit"', ''],
      ['title=""', 'a'],
      ['title=="The \\*"', ''],
      ['remaining==2.00', 'a'],
      ['remaining<=x', ''],
      ['cql.allRecords=1 sortby remaining/sort.descending id', 'acb'],
      ['userId==* sortBy status.name id', 'bac'],
    ])('%s: %s', (query, ids) => {
      expect(found(query)).toBe(ids);
    });
  });

  it.each([
    ['userId==u and remaining>0', ['u']],
    ['remaining>0 and userId=u', ['u']],
    ['userId==u or userId==v', ['u', 'v']],
    ['userId==u or remaining>0', undefined],
    ['userId==u not userId==v', ['u']],
    ['userId==u*', undefined],
    ['userId<>u', undefined],
    ['cql.allRecords=1', undefined],
  ])('cqlValues: %s names %j', (query, values) => {
    const parsed = parseCql(query, fields);
    expect('query' in parsed && cqlValues(parsed.query, 'userId')).toEqual(values);
  });

  it('cqlTerms are all terms of a field', () => {
    const parsed = parseCql('userId==u or id==x and userId==(v or w*)', fields);
    expect('query' in parsed && cqlTerms(parsed.query, 'userId')).toEqual(['u', 'v']);
  });
});
