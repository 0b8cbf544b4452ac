import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialsOf, kohaAccess, queried } from '../../../src/interop/koha/kohaHttp.js';
import { tried } from '../../support/seeded.js';
import { charges, kohaClient } from './kohaClient.js';

it.each([
  ['', undefined],
  ['Bearer', undefined],
  ['bearer T', { token: 'T' }],
  [`Basic ${btoa('a:b:c')}`, { user: 'a', password: 'b:c' }],
  [`Basic ${btoa('a')}`, undefined],
  ['Basic ?', undefined],
  ['Digest x', undefined],
])('credentialsOf reads %s', (header, credentials) => {
  expect(credentialsOf(header)).toEqual(credentials);
});

it('kohaAccess reads the patron of the path, and the library', () => {
  const headers = { 'x-koha-library': 'CPL' };
  const request = new Request('https://koha.example/rest/patrons/a%2Fb/account', { headers });
  const access = { credentials: undefined, isWrite: false, library: 'CPL' };
  expect(kohaAccess(request, ['patrons', 'a/b', 'account'])).toEqual({ ...access, patronId: 'a/b' });
  expect(kohaAccess(request, ['items', 'a/b'])).toEqual({ ...access, patronId: '' });
});

const rows = [
  { id: 1, amount_outstanding: 2.55, description: 'Overdue: 50% off', status: 'RETURNED', item_id: 7 },
  { id: 2, amount_outstanding: 0, description: 'Lost', status: null, item_id: null },
  { id: 3, amount_outstanding: 10, description: 'lost key', status: 'DISPUTED', item_id: 70 },
];

const ids = (query: Record<string, unknown>) => {
  const q = query.q === undefined ? {} : { q: JSON.stringify(query.q) };
  const found = queried(rows, { ...(query as object), ...q });
  return 'status' in found ? found.body : found.map(({ id }) => id);
};

describe('a filter', () => {
  it.each([
    [{ id: 1 }, [1]],
    [{ 'me.id': '2' }, [2]],
    [{ id: [1, 3] }, [1, 3]],
    [{ id: [] }, []],
    [
      [{ id: 1 }, { id: 2 }],
      [1, 2],
    ],
    [[], []],
    [{}, [1, 2, 3]],
    [{ description: 'LOST' }, [2]],
    [{ status: null }, [2]],
    [{ status: { '!=': null } }, [1, 3]],
    [{ status: { '!=': 'DISPUTED' } }, [1, 2]],
    [{ amount_outstanding: { '>': 0 } }, [1, 3]],
    [{ amount_outstanding: { '>': 0, '<': '10' } }, [1]],
    [{ amount_outstanding: { '>=': 2.55, '<=': 2.55 } }, [1]],
    [{ item_id: { '<': 8 } }, [1]],
    [{ id: { '-in': [2, 3] } }, [2, 3]],
    [{ id: { '-not_in': [2, 3] } }, [1]],
    [{ id: { 'not in': [2] } }, [1, 3]],
    [{ description: { like: 'lost%' } }, [2, 3]],
    [{ description: { '-like': '%O%' } }, [1, 2, 3]],
    [{ description: { '-like': 'l_st' } }, [2]],
    [{ description: { '-like': '%50%off' } }, [1]],
    [{ description: { '-like': '' } }, []],
    [{ description: { '-not_like': '%lost%' } }, [1]],
    [{ '-and': [{ id: { '>': 1 } }, { status: 'DISPUTED' }] }, [3]],
    [{ '-or': [{ id: 1 }, { status: null }], item_id: 7 }, [1]],
    [{ '-and': [{ '-or': [{ id: 1 }, { id: 2 }] }, [{ id: 2 }, { id: 3 }]] }, [2]],
  ])('%j finds the rows %j', (q, found) => {
    expect(ids({ q })).toEqual(found);
  });

  it.each([
    [5, 'q: expected an object or a list of objects.'],
    [{ colour: 'red' }, 'q: there is no field colour.'],
    [{ 'me.me.id': 1 }, 'q: there is no field me.me.id.'],
    [{ toString: 1 }, 'q: there is no field toString.'],
    [{ id: { '~': 1 } }, 'q: there is no operator ~ with such a value.'],
    [{ id: { constructor: 1 } }, 'q: there is no operator constructor with such a value.'],
    [{ id: { '>': null } }, 'q: there is no operator > with such a value.'],
    [{ id: { in: 5 } }, 'q: there is no operator in with such a value.'],
    [{ id: { '=': [{}] } }, 'q: there is no operator = with such a value.'],
    [{ description: { like: 5 } }, 'q: there is no operator like with such a value.'],
    [{ id: [{ '>': 1 }] }, 'q: expected a value or a list of values.'],
    [JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`), 'q: the filter is nested too deeply.'],
  ])('%j is refused', (q, error) => {
    expect(ids({ q })).toMatchObject({ error });
  });

  it('compares with each operator as JavaScript does, and never matches null (property)', () => {
    const number = fc.option(fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), fc.integer({ min: -3, max: 3 }), (values, operand) => {
        const tests = {
          '<': (n: number) => n < operand,
          '<=': (n: number) => n <= operand,
          '>': (n: number) => n > operand,
          '>=': (n: number) => n >= operand,
          '=': (n: number) => n === operand,
        };
        for (const [operator, test] of Object.entries(tests)) {
          const found = queried(
            values.map((value) => ({ value })),
            { q: JSON.stringify({ value: { [operator]: operand } }) },
          );
          expect(found).toEqual(values.filter((n) => n !== null && test(n)).map((value) => ({ value })));
        }
      }),
      tried(100),
    );
  });

  it('ends for any pattern and any text', () => {
    const text = 'a'.repeat(5_000);
    const found = queried([{ text }], { q: JSON.stringify({ text: { like: `${'%a'.repeat(1_000)}%b` } }) });
    expect(found).toEqual([]);
  });
});

it.each([
  ['id', [1, 2, 3]],
  ['-id', [3, 2, 1]],
  [' amount_outstanding', [2, 1, 3]],
  ['-description,+id', [1, 3, 2]],
])('_order_by=%s orders the rows', (order, found) => {
  expect(ids({ _order_by: order })).toEqual(found);
});

it('_order_by an unknown field is refused', () => {
  expect(ids({ _order_by: '-colour' })).toMatchObject({ error: 'q: there is no field colour.' });
});

describe('the lists of a patron', () => {
  const fees = charges(['f1', '10.00'], ['f2', '2.55'], ['f3', '1.00']);
  const list = async (query: string) => {
    const { get, credit, numbers } = await kohaClient(fees);
    await credit({ amount: 2.55, account_lines_ids: [(await numbers())[1]] });
    return get(`patrons/51/account/debits?${query}`);
  };

  it('are filtered before their pages are counted', async () => {
    const q = encodeURIComponent(JSON.stringify({ amount_outstanding: { '>': 0 } }));
    const { json, headers } = await list(`q=${q}&_per_page=1&_page=2&_order_by=-amount`);
    expect([json.map(({ amount }: { amount: number }) => amount), headers.get('x-total-count')]).toEqual([
      [1],
      '2',
    ]);
  });

  it('refuse a filter that cannot be read', async () => {
    const { status, json } = await list('q=(((');
    expect([status, json.error]).toEqual([400, 'q: expected JSON.']);
  });

  it('are empty for any filter of nothing', async () => {
    const { get } = await kohaClient(fees);
    expect((await get('patrons/51/account/credits?q=%7B%7D')).json).toEqual([]);
  });
});

it('patrons of the hook are filtered, too', async () => {
  const { get } = await kohaClient([], {
    patrons: (query) => (Object.keys(query).length === 0 ? [{ patron_id: 1 }, { patron_id: 2 }] : []),
  });
  expect((await get('patrons?q=%7B%22patron_id%22:2%7D')).json).toEqual([{ patron_id: 2 }]);
});
