import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import {
  almaResponse,
  errorXml,
  feesXml,
  feeXml,
  readFeeXml,
  requestOf,
} from '../../../src/interop/alma/almaHttp.js';
import { almaError } from '../../../src/interop/alma/almaOperations.js';
import { toAlmaFees } from '../../../src/interop/alma/toAlmaFees.js';
import { tried } from '../../support/seeded.js';
import { at, policy } from './almaClient.js';

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

const account = fold([
  {
    type: 'FeeAssessed',
    data: {
      feeId: 'f1',
      feeType: 'OVERDUEFINE',
      amount: '25.00',
      currency: 'USD',
      owner: 'MAIN',
      item: { title: 'Birds & <rivers>', barcode: '30447' },
      at,
    },
  },
  {
    type: 'PaymentReceived',
    data: {
      paymentId: 'p1',
      amount: '2.77',
      currency: 'USD',
      method: 'ONLINE',
      allocations: [{ feeId: 'f1', amount: '2.77' }],
      at,
    },
  },
]);
const fees = toAlmaFees(account, { policy, userPrimaryId: 'dverma' });

function wellFormed(xml: string): string {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return xml;
}

describe('feesXml', () => {
  it('has a child for each fee and nothing else; the totals are attributes', () => {
    expect(wellFormed(feesXml(fees))).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
        '<fees total_record_count="1" total_sum="22.23" currency="USD"><fee>' +
        '<id>f1</id><type desc="Overdue fine">OVERDUEFINE</type><status desc="Active">ACTIVE</status>' +
        '<user_primary_id>dverma</user_primary_id><balance>22.23</balance><original_amount>25</original_amount>' +
        '<creation_time>2026-03-02T09:00:00.000Z</creation_time><status_time>2026-03-02T09:00:00.000Z</status_time>' +
        '<owner desc="MAIN">MAIN</owner><title>Birds &amp; &lt;rivers&gt;</title><barcode>30447</barcode>' +
        '<transactions><transaction><type desc="Payment">PAYMENT</type><amount>2.77</amount>' +
        '<transaction_time>2026-03-02T09:00:00.000Z</transaction_time>' +
        '<payment_method desc="Online">ONLINE</payment_method></transaction></transactions></fee></fees>',
    );
    const { currency: _currency, ...without } = fees;
    expect(feesXml({ ...without, fee: [] })).toContain(
      '<fees total_record_count="1" total_sum="22.23"></fees>',
    );
  });

  it('is well-formed whatever the texts are', () => {
    const [fee] = fees.fee;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (comment, desc) => {
        const type = { value: comment, desc: `${desc}"\n\t` };
        wellFormed(feesXml({ ...fees, fee: fee === undefined ? [] : [{ ...fee, comment, type }] }));
      }),
      tried(200),
    );
  });
});

describe('feeXml', () => {
  it('can be read again', async () => {
    const [fee] = fees.fee;
    const read = await readFeeXml(feeXml(fee ?? expect.unreachable()));
    expect(read).toEqual(
      new Map(
        Object.entries({
          id: 'f1',
          type: 'OVERDUEFINE',
          status: 'ACTIVE',
          user_primary_id: 'dverma',
          balance: '22.23',
          original_amount: '25',
          creation_time: '2026-03-02T09:00:00.000Z',
          status_time: '2026-03-02T09:00:00.000Z',
          owner: 'MAIN',
          title: 'Birds & <rivers>',
          barcode: '30447',
          transactions: '',
        }),
      ),
    );
  });
});

describe('errorXml', () => {
  it("is Alma's web_service_result", () => {
    expect(wellFormed(errorXml(almaError('401665'), 'E01-1'))).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
        '<web_service_result xmlns="http://com/exlibris/urm/general/xmlbeans"><errorsExist>true</errorsExist>' +
        '<errorList><error><errorCode>401665</errorCode><errorMessage>Fine not found.</errorMessage>' +
        '<trackingId>E01-1</trackingId></error></errorList></web_service_result>',
    );
  });
});

describe('readFeeXml', () => {
  it('reads text, CDATA and entities of the children, not of deeper elements', async () => {
    expect(
      await readFeeXml(
        '<?xml version="1.0"?><fee link=""><type desc="x">OTHER</type><title><![CDATA[A & B]]></title><x><y>1</y>2</x></fee>',
      ),
    ).toEqual(
      new Map([
        ['type', 'OTHER'],
        ['title', 'A & B'],
        ['x', '2'],
      ]),
    );
  });

  it.each([
    ['text that is no XML', 'hello'],
    ['nothing', ''],
    ['an end that is missing', '<fee><type>OTHER</type>'],
    ['another element', '<fees><fee/></fees>'],
    ['an element twice', '<fee><type>OTHER</type><type>CREDIT</type></fee>'],
    ['a document type', '<!DOCTYPE fee [<!ENTITY a "b">]><fee><type>&a;</type></fee>'],
    ['an external entity', '<!DOCTYPE fee SYSTEM "file:///etc/passwd"><fee/>'],
    ['elements nested too deeply', `<fee>${'<a>'.repeat(50)}`],
  ])('refuses %s', async (_name, xml) => {
    expect(await readFeeXml(xml)).toHaveProperty('fault');
  });

  it('refuses deep nesting at once, which would take the parser minutes', async () => {
    expect(await readFeeXml(`<fee>${'<a>'.repeat(1_000_000)}`)).toHaveProperty('fault');
  });
});
