import { describe, expect, it } from 'vitest';
import { expectedWords, type FaultCode } from '../../src/faultWords.js';
import { codeOf, expects } from '../../src/input/faultCodes.js';

describe('expects and codeOf', () => {
  it.each([
    ['name', { lengthMax: 200 }],
    ['feeType', { lengthMax: 200 }],
    ['oneOf', { options: ['refuse', 'credit'] }],
    ['amount', { decimals: 2, digits: 12, example: '5.00' }],
    ['amountOrZero', { decimals: 0, digits: 12, example: '5' }],
    ['command', { options: ['AssessFee'] }],
    ['date', {}],
    ['remedyOfOutcome', {}],
  ] as const)('read back the code and the parameters of %s', (code, parameters) => {
    expect(codeOf(expects(code, parameters))).toEqual({ code, parameters });
  });

  it('are different for each text', () => {
    const parameters = { lengthMax: 200, options: ['a', 'b'], decimals: 2, digits: 12, example: '5.00' };
    for (const code of Object.keys(expectedWords) as FaultCode[]) {
      expect(codeOf(expects(code, parameters))?.code).toBe(code);
    }
  });

  it('are absent for any other text', () => {
    for (const text of ['', 'a string of letters', 'expected a date, YYYY-MM-DD', 'a list of dates']) {
      expect(codeOf(text)).toBeUndefined();
    }
  });
});
