import { expect, it } from 'vitest';
import { readAddress } from '../../src/interop/doorRequest.js';

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
