import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFeeBody } from '../../../src/interop/alma/feeBody.js';
import { tried } from '../../support/seeded.js';

const json = (value: unknown) => readFeeBody(JSON.stringify(value), 'application/json', 2);

describe('readFeeBody', () => {
  const fee = {
    type: 'OTHER',
    amount: '20.00',
    owner: 'A100',
    comment: undefined,
    barcode: undefined,
    title: undefined,
  };

  it('reads what the wrapper of SLSP posts, and ignores what Alma ignores', async () => {
    const posted = {
      type: { value: 'OTHER' },
      status: { value: 'ACTIVE' },
      balance: 20,
      original_amount: 20,
      owner: { value: 'A100' },
      transaction: [],
    };
    expect(await json(posted)).toEqual(fee);
    expect(
      await json({
        link: '',
        ...posted,
        original_amount: '20',
        comment: ' Old system ',
        barcode: { value: '1' },
      }),
    ).toEqual({
      ...fee,
      comment: 'Old system',
      barcode: '1',
    });
  });

  it('reads codes that are plain text, and XML', async () => {
    expect(
      await json({ type: 'OTHER', original_amount: 20, owner: 'A100', barcode: null, title: '' }),
    ).toEqual(fee);
    const xml =
      '<fee><type>OTHER</type><original_amount>20.0</original_amount><owner>A100</owner><comment/></fee>';
    expect(await readFeeBody(xml, 'application/xml', 2)).toEqual(fee);
    expect(await readFeeBody(xml, '', 2)).toEqual(fee);
    expect(await readFeeBody(' {"type":"OTHER","original_amount":20,"owner":"A100"}', '', 2)).toEqual(fee);
  });

  it('distinguishes a missing amount from an invalid one', async () => {
    for (const original_amount of [undefined, null, '', ' '])
      expect(await json({ original_amount })).toMatchObject({ amount: undefined });
    for (const original_amount of [0, -5, 1.005, 'x', {}, [], true])
      expect(await json({ original_amount })).toMatchObject({ amount: null });
  });

  it.each([
    ['', 'application/json'],
    ['{', 'application/json'],
    ['[]', 'application/json'],
    ['7', 'application/json'],
    ['<fee>', 'application/xml'],
    ['', ''],
  ])('refuses the body "%s"', async (text, type) => {
    expect(await readFeeBody(text, type, 2)).toMatchObject({ errorCode: '401666' });
  });

  it('returns a fee or an error for any body', async () => {
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('application/json', 'application/xml', ''),
        async (body, type) => {
          const read = await readFeeBody(body, type, 2);
          expect('errorCode' in read || 'type' in read).toBe(true);
        },
      ),
      tried(300),
    );
  });
});
