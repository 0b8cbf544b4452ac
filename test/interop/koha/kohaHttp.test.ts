import { expect, it } from 'vitest';
import { credentialsOf, kohaRequest } from '../../../src/interop/koha/kohaHttp.js';

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

it('kohaRequest reads the path, the query and the library', () => {
  const headers = { 'x-koha-library': 'CPL' };
  const request = new Request('https://koha.example/rest/patrons/a%2Fb/account?_page=2', { headers });
  expect(kohaRequest(request, '/rest')).toEqual({
    access: { credentials: undefined, isWrite: false, patronId: 'a/b', library: 'CPL' },
    method: 'GET',
    path: ['patrons', 'a/b', 'account'],
    query: { _page: '2' },
  });
  expect(kohaRequest(request, '/api/v1')).toMatchObject({ status: 404 });
});
