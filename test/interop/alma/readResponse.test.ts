import { describe, expect, it } from 'vitest';
import { conflictingRows, readResponse } from '../../../src/interop/alma/readResponse.js';
import { feeRow, rawRow, response } from './almaRows.js';

const found = (json: unknown, path = '', fallback?: string) =>
  readResponse(json, path, fallback).findings.map(
    (finding) => `${finding.code} ${finding.path}: ${finding.found}`,
  );

describe('readResponse', () => {
  it('returns every row with its path and currency', () => {
    const { rows, findings } = readResponse(response([feeRow()], { currency: 'KWD' }), '[2]', undefined);
    expect(findings).toEqual([]);
    expect(rows).toEqual([{ path: '[2].fee[0]', raw: feeRow(), currency: 'KWD', minorDigits: 3 }]);
  });

  it("finds Alma's errors, which replace the fees", () => {
    const error = {
      errorsExist: true,
      errorList: {
        error: [
          { errorCode: '401861', errorMessage: 'User with identifier X was not found.', trackingId: 'E01-1' },
          { errorCode: '402119', errorMessage: 'General error.' },
        ],
      },
      result: null,
    };
    expect(found(error)).toEqual([
      'ErrorEnvelope : 401861 User with identifier X was not found.; 402119 General error.',
    ]);
    expect(found({ errorsExist: true })).toEqual(['ErrorEnvelope : an error']);
    expect(found({ errorList: { error: [null, 17, {}] } })).toEqual(['ErrorEnvelope : an error']);
  });

  it.each([
    [null, 'MalformedResponse : null'],
    [undefined, 'MalformedResponse : nothing'],
    ['<fees/>', 'MalformedResponse : "<fees/>"'],
    [{}, 'MalformedResponse : an object'],
    [{ fee: { id: '1' } }, 'MalformedResponse : fee: an object'],
    [{ fee: null, total_record_count: 0 }, 'MalformedResponse : fee: null'],
  ])('finds that %j is not a list of fees', (json, finding) => {
    expect(found(json)).toEqual([finding]);
  });

  it('accepts a response without fees', () => {
    expect(found({ total_record_count: 0, total_sum: 0, currency: 'USD' })).toEqual([]);
  });

  it('checks the number of rows and the sum of balances', () => {
    expect(found(response([feeRow()], { total_record_count: 2, total_sum: 10.01 }), '[0]')).toEqual([
      'RecordCountDiffers [0].total_record_count: 2',
      'TotalSumDiffers [0].total_sum: 10.01',
    ]);
    expect(found(response([feeRow()], { total_record_count: '1', total_sum: '10' }))).toEqual([
      'RecordCountDiffers total_record_count: "1"',
      'TotalSumDiffers total_sum: "10"',
    ]);
  });

  it('compares sums in cents, because both are binary sums', () => {
    const rows = [0.1, 0.7, 22.23].map((balance) => feeRow({ balance }));
    expect(found(response(rows, { total_sum: 23.030000000000005 }))).toEqual([]);
  });

  it('does not require control totals', () => {
    expect(found({ fee: [feeRow()], currency: 'USD' })).toEqual([]);
  });

  it('uses the fallback currency only if the response names none', () => {
    expect(readResponse({ fee: [feeRow()] }, '', 'EUR').rows).toMatchObject([{ currency: 'EUR' }]);
    expect(readResponse({ fee: [feeRow()], currency: 'USD' }, '', 'EUR').rows).toMatchObject([
      { currency: 'USD' },
    ]);
  });

  it.each([[undefined], ['usd'], ['XXX'], [17]])('finds every row of a response in %j', (currency) => {
    const { rows, findings } = readResponse(response([feeRow()], { currency }), '', undefined);
    expect(rows).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'UnknownCurrency', path: 'currency' },
      { code: 'UnknownCurrency', path: 'fee[0]', feeId: '5010000107', row: feeRow() },
    ]);
  });
});

describe('conflictingRows', () => {
  const found = (rows: ReturnType<typeof rawRow>[], currency = 'USD') => {
    const refused = conflictingRows(rows, currency);
    return rows.map((row) => refused.get(row)?.code);
  };

  const ofPatron = (id: string, value: string) => rawRow(feeRow({ id, user_primary_id: { value } }));

  describe('conflicting rows', () => {
    it('include every row whose id another row has', () => {
      const rows = ['a', 'b', 'a'].map((id) => rawRow(feeRow({ id })));
      expect(found(rows)).toEqual(['DuplicateFee', undefined, 'DuplicateFee']);
    });

    it('include all rows if they belong to several patrons, ignoring the case of ids', () => {
      expect(found([ofPatron('a', 'dverma'), ofPatron('b', 'DVerma')])).toEqual([undefined, undefined]);
      expect(found([ofPatron('a', 'dverma'), ofPatron('b', 'ftanaka'), rawRow({})])).toEqual([
        'SeveralPatrons',
        'SeveralPatrons',
        'SeveralPatrons',
      ]);
    });

    it('include rows in another currency than the account', () => {
      const rows = [rawRow(feeRow({ id: 'a' })), rawRow(feeRow({ id: 'b' }), { currency: 'EUR' })];
      expect(found(rows)).toEqual([undefined, 'OtherCurrency']);
      expect(found(rows, 'EUR')).toEqual(['OtherCurrency', undefined]);
    });

    it('leave out unreadable rows, which are found later', () => {
      expect(found([rawRow(null), rawRow(null), rawRow({ id: 17 }), rawRow({ id: 17 })])).toEqual(
        Array(4).fill(undefined),
      );
    });
  });
});
