import fc from 'fast-check';
import { expect, it } from 'vitest';
import { repeatedKey } from '../../src/interop/repeatedKey.js';
import { tried } from '../support/seeded.js';
import { almaClient, codesOf } from './alma/almaClient.js';

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
