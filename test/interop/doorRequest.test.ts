import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { door, jsonFields, readAddress, readText, repeatedKey } from '../../src/interop/doorRequest.js';
import { tried } from '../support/seeded.js';
import { almaClient, codesOf } from './alma/almaClient.js';

it.each([
  ['/api/a%2Fb/c?x=1', '/api', { path: ['a/b', 'c'], query: { x: '1' } }],
  ['/a', '', { path: ['a'], query: {} }],
  ['/other', '/api', { status: 404 }],
  ['/apis/a', '/api', { status: 404 }],
  ['/api/%E0', '/api', { status: 404 }],
  ['/api/a?x=1&x=1', '/api', { status: 400 }],
  [`/api/${'a'.repeat(9_000)}`, '/api', { status: 414 }],
])('readAddress reads %s below %s', (path, basePath, address) => {
  expect(readAddress(new Request(`https://door.example${path}`), basePath)).toMatchObject(address);
});

it.each(['PUT', 'DELETE', 'PATCH', 'HEAD'])('readAddress refuses %s', (method) => {
  expect(readAddress(new Request('https://door.example/a', { method }), '')).toMatchObject({ status: 405 });
});

describe('readText', () => {
  const post = (body: string | ReadableStream) =>
    readText(new Request('https://alma.example/', { method: 'POST', body, duplex: 'half' } as RequestInit));

  it('reads a body, even in pieces, and an absent one', async () => {
    expect(await post('é'.repeat(100))).toBe('é'.repeat(100));
    expect(await readText(new Request('https://alma.example/', { method: 'POST' }))).toBe('');
    const bytes = new TextEncoder().encode('ééé');
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await post(pieces)).toBe('ééé');
  });

  it('refuses a body that ends early, as from a client that leaves', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error('aborted'));
      },
    });
    expect(await post(broken)).toEqual({ status: 400, message: 'The body ended early.' });
  });

  it('stops reading a body that is too long', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    expect(await post(endless)).toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(20);
  });
});

describe('jsonFields', () => {
  it.each([
    ['{"a":1}', new Map([['a', 1]])],
    ['{"a":1,"a":2}', { fault: 'the field a twice' }],
    ['[1]', { fault: 'no object' }],
    ['{', { fault: 'no valid JSON' }],
  ])('of %s', (text, fields) => {
    expect(jsonFields(text)).toEqual(fields);
  });
});

it.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":{"b":1,"c":[{"b":2,"b":3}]}}', 'b'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"a\\"":1, "b":[1,{"a\\"":2}], "a\\"":3}', 'a"'],
  ['{"a":"b","b":"a","c":["a","a",":"]}', undefined],
  ['[{"a":1},{"a":1}]', undefined],
  ['"a"', undefined],
  ['1', undefined],
])('finds the key that %s has twice', (json, key) => {
  expect(repeatedKey(json)).toBe(key);
});

it('finds none in the output of JSON.stringify, and one that is added to any object (property)', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), fc.boolean(), (value, key, isSpaced) => {
      const json = JSON.stringify(value, null, isSpaced ? 2 : 0);
      expect(repeatedKey(json)).toBeUndefined();
      const name = JSON.stringify(key);
      expect(repeatedKey(`[${json},{${name}:${json},"other ${key.length}":1,${name}:1}]`)).toBe(key);
    }),
    tried(300),
  );
});

it('refuses a fee whose JSON body has a field twice, as it does in XML', async () => {
  const { handler, account } = await almaClient([]);
  const post = async (body: string, type: string) => {
    const headers = { 'content-type': `application/${type}`, accept: 'application/json' };
    const address = 'https://alma.example/almaws/v1/users/dverma/fees';
    const response = await handler(new Request(address, { method: 'POST', headers, body }));
    const json = JSON.parse(await response.text());
    return { status: response.status, type: null, text: '', json };
  };
  const fields = '"type":{"value":"OTHER"},"owner":{"value":"MAIN"}';
  const twice = await post(`{${fields},"original_amount":5,"original_amount":500}`, 'json');
  expect(codesOf(twice)).toEqual(['401666']);
  expect(twice.json.errorList.error[0].errorMessage).toContain(
    'The body has the field original_amount twice.',
  );
  const nested = '{"type":{"value":"OTHER","value":"LOCKERKEY"},"owner":"MAIN","original_amount":5}';
  expect(codesOf(await post(nested, 'json'))).toEqual(['401666']);
  const element = '<original_amount>5</original_amount>';
  const xml = `<fee><type>OTHER</type><owner>MAIN</owner>${element}${element}</fee>`;
  expect(codesOf(await post(xml, 'xml'))).toEqual(['401666']);
  expect((await account()).fees).toEqual([]);
  expect((await post(`{${fields},"original_amount":5}`, 'json')).status).toBe(200);
});

describe('door', () => {
  const ask = async (address: string, method = 'GET') => {
    const errors: unknown[] = [];
    const handler = door<string>('/rest', (error) => void errors.push(error), {
      read: (_, { query }) => query.user ?? '',
      answer: (_, { access, path, query, method: asked }) => {
        if (access === '') throw new Error('secret');
        return { status: 200, body: { access, path, query, asked }, headers: { 'x-own': '1' } };
      },
      error: (status, message) => ({ status, body: message }),
    });
    const response = await handler(new Request(`https://door.example${address}`, { method }));
    const { status, headers } = response;
    return { status, headers, text: await response.text(), errors };
  };

  it('answers JSON about what the address and the headers have', async () => {
    const { status, headers, text } = await ask('/rest/patrons/a%2Fb?user=u&page=2');
    expect([status, headers.get('content-type'), headers.get('cache-control'), headers.get('x-own')]).toEqual(
      [200, 'application/json;charset=UTF-8', 'no-store', '1'],
    );
    const query = { user: 'u', page: '2' };
    expect(JSON.parse(text)).toEqual({ access: 'u', path: ['patrons', 'a/b'], query, asked: 'GET' });
  });

  it('answers what is not read or fails with an error of its own, and no other text', async () => {
    expect(await ask('/api/patrons?user=u')).toMatchObject({ status: 404, errors: [] });
    expect(await ask('/rest/patrons?user=u', 'PUT')).toMatchObject({ status: 405, errors: [] });
    const { status, headers, text, errors } = await ask('/rest/patrons');
    expect([status, headers.get('content-type'), text]).toEqual([
      500,
      'text/plain;charset=UTF-8',
      'Something went wrong, check the logs.',
    ]);
    expect(errors).toEqual([new Error('secret')]);
  });
});
