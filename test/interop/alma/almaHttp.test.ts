import { describe, expect, it } from 'vitest';
import { almaError } from '../../../src/interop/alma/almaErrors.js';
import { almaResponse, requestOf } from '../../../src/interop/alma/almaHttp.js';

const base = '/almaws/v1';
const asked = (path: string, init: RequestInit = {}, basePath = base) =>
  requestOf(new Request(`https://alma.example${path}`, init), basePath);

describe('requestOf', () => {
  it('reads the list of fees, one fee, and all fees', () => {
    expect(asked(`${base}/users/dverma/fees`)).toMatchObject({
      isList: true,
      feeId: '',
      access: { userId: 'dverma' },
    });
    expect(asked(`${base}/users/dverma/fees/`)).toMatchObject({ isList: true });
    expect(asked(`${base}/users/dverma/fees/f1?status=CLOSED`)).toMatchObject({
      isList: false,
      feeId: 'f1',
      parameters: { status: 'CLOSED', op: undefined },
    });
    expect(asked('/fees-api/users/a/fees/all', {}, '/fees-api')).toMatchObject({ feeId: 'all' });
  });

  it('decodes identifiers', () => {
    expect(asked(`${base}/users/a%2Fb%40c.example/fees/f%201`)).toMatchObject({
      access: { userId: 'a/b@c.example' },
      feeId: 'f 1',
    });
    for (const id of ['koha/70', 'koha%2F70']) {
      expect(asked(`${base}/users/a/fees/${id}?op=pay`)).toMatchObject({ isList: false, feeId: 'koha/70' });
    }
  });

  it('reads the parameters of an operation; empty ones are absent', () => {
    const query =
      'op=pay&amount=5.00&method=ONLINE&comment=Finna%20transaction%207&external_transaction_id=X9&reason=';
    expect(asked(`${base}/users/a/fees/f1?${query}`, { method: 'POST' })).toMatchObject({
      access: { isWrite: true, userIdType: 'all_unique' },
      parameters: {
        op: 'pay',
        amount: '5.00',
        method: 'ONLINE',
        comment: 'Finna transaction 7',
        externalTransactionId: 'X9',
        reason: undefined,
      },
    });
    const blank = `${base}/users/a/fees/f1?op=pay&external_transaction_id=%20+`;
    expect(asked(blank, { method: 'POST' })).toMatchObject({
      parameters: { externalTransactionId: undefined },
    });
  });

  it('finds the API key in the header or the query', () => {
    const headers = { authorization: 'apikey l7xx' };
    expect(asked(`${base}/users/a/fees`, { headers })).toMatchObject({ access: { apiKey: 'l7xx' } });
    expect(asked(`${base}/users/a/fees?apikey=l8`)).toMatchObject({ access: { apiKey: 'l8' } });
    expect(asked(`${base}/users/a/fees`, { headers: { authorization: 'Basic l7xx' } })).toMatchObject({
      access: { apiKey: undefined },
    });
    expect(asked(`${base}/users/a/fees?user_id_type=BARCODE`)).toMatchObject({
      access: { userIdType: 'BARCODE' },
    });
  });

  it.each([
    [undefined, '', 'xml'],
    ['*/*', '', 'xml'],
    ['application/json', '', 'json'],
    ['application/json, text/xml', '', 'json'],
    ['application/xml, application/json', '', 'xml'],
    ['application/xml', '?format=json', 'json'],
    ['application/json', '?format=xml', 'xml'],
    ['application/xml;q=0.5, application/json', '', 'json'],
    ['application/json; q=0.1, application/xml', '', 'xml'],
    ['application/json;q=0, */*', '', 'xml'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', '', 'xml'],
    ['Application/JSON', '', 'json'],
    [undefined, '?format=JSON', 'json'],
  ])('chooses the format: Accept %s, query "%s"', (accept, query, format) => {
    const headers = accept === undefined ? {} : { accept };
    expect(asked(`${base}/users/a/fees${query}`, { headers })).toMatchObject({ format });
    expect(asked(`/elsewhere${query}`, { headers })).toMatchObject({ format });
  });

  it.each([
    ['/', 404],
    [`${base}/users/a/loans`, 404],
    [`${base}/users//fees`, 404],
    [`${base}/users/a/b/fees/f1`, 404],
    [`${base}/users/%E0%A4%A/fees`, 404],
    [`${base}/users/a/fees?x=${'y'.repeat(9_000)}`, 414],
  ])('refuses %.40s', (path, status) => {
    expect(asked(path)).toMatchObject({ errorCode: 'INVALID_REQUEST', status });
  });

  it('refuses other methods, and a parameter that comes twice', () => {
    expect(asked(`${base}/users/a/fees`, { method: 'DELETE' })).toMatchObject({ status: 405 });
    expect(asked(`${base}/users/a/fees/f1?op=pay&amount=1&amount=100`, { method: 'POST' })).toMatchObject({
      errorCode: '401666',
    });
  });
});

describe('almaResponse', () => {
  it("has Alma's envelope of errors, with a tracking id", async () => {
    const response = almaResponse(almaError('401665'), 'json', () => 'E01');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(await response.json()).toEqual({
      errorsExist: true,
      errorList: { error: [{ errorCode: '401665', errorMessage: 'Fine not found.', trackingId: 'E01' }] },
      result: null,
    });
    expect(await almaResponse(almaError('401665'), 'xml', () => 'E01').text()).toContain(
      '<trackingId>E01</trackingId>',
    );
  });

  it('leaves out an empty list', async () => {
    const fees = { fee: [], total_record_count: 0, total_sum: 0 };
    expect(await almaResponse({ fees }, 'json', () => '').json()).toEqual({
      total_record_count: 0,
      total_sum: 0,
    });
  });
});
