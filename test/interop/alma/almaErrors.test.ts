import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../../src/index.js';
import { almaError, errorOfRejection } from '../../../src/interop/alma/almaErrors.js';

describe('almaError', () => {
  it("has Alma's message, a detail if there is one, and the status 400", () => {
    expect(almaError('401665')).toEqual({
      errorCode: '401665',
      errorMessage: 'Fine not found.',
      status: 400,
    });
    expect(almaError('402119', 'The disk is full.', 500)).toEqual({
      errorCode: '402119',
      errorMessage: 'General error. The disk is full.',
      status: 500,
    });
  });
});

describe('errorOfRejection', () => {
  const known = { nearest: null, codes: ['A', 'B'], count: 2 };
  const unknownType: Rejection = { type: 'FeeTypeUnknown', kind: 'invalid', feeType: 'X', known };

  it.each([
    [{ type: 'FeeNotFound', kind: 'notFound', feeId: 'f9' }, false, '401665', 'Fine not found.'],
    [
      unknownType,
      true,
      '4019992',
      'User fine/fee type invalid entry. There is no fee type X. The policy has A, B.',
    ],
    [unknownType, false, '401666', 'Parameter is not valid. There is no fee type X. The policy has A, B.'],
    [
      { type: 'NothingOwed', kind: 'conflict', feeId: 'f1' },
      false,
      '401666',
      'Parameter is not valid. Nothing is owed on fee f1.',
    ],
  ] as const)('of %o', (rejection, isCreation, errorCode, errorMessage) => {
    expect(errorOfRejection(rejection, { isCreation })).toEqual({ errorCode, errorMessage, status: 400 });
  });
});
