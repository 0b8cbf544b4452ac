import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { almaError } from '../../../src/interop/alma/almaErrors.js';
import { errorXml, feesXml, feeXml, readFeeXml } from '../../../src/interop/alma/almaXml.js';
import { toAlmaFees } from '../../../src/interop/alma/toAlmaFees.js';
import { tried } from '../../support/seeded.js';
import { at, policy } from './almaClient.js';

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
