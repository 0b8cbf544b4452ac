import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../src/history/parseEvent.js';

const at = '2025-11-03T10:00:00Z';
const metadata = { commandId: 'c1', commandDigest: '00' };
const by = { channel: 'desk', userId: 'clerk-7' };

/** An event of 0.0.1. */
const charged = (data: object) => ({
  type: 'FeeCharged',
  data: {
    chargeId: 'c1',
    chargeType: 'OTHER',
    minorUnits: 1250,
    currency: 'USD',
    library: 'MAIN',
    at,
    by,
    ...data,
  },
  metadata,
});

const assessed = {
  type: 'FeeAssessed',
  data: { feeId: 'c1', feeType: 'OTHER', amount: '12.50', currency: 'USD', owner: 'MAIN', at, by },
  metadata,
};

describe('the worked example: FeeAssessed of the pre-releases', () => {
  it('0.0.2 called the owner a library', () => {
    const { owner, ...data } = assessed.data;
    expect(parseEvent({ ...assessed, data: { ...data, library: owner } })).toStrictEqual(assessed);
  });

  it('0.0.1 called a fee a charge, in minor units', () => {
    expect(parseEvent(charged({}))).toStrictEqual(assessed);
    expect(parseEvent(charged({ minorUnits: 1250, currency: 'JPY' })).data).toMatchObject({ amount: '1250' });
    expect(parseEvent(charged({ minorUnits: 1250, currency: 'KWD' })).data).toMatchObject({
      amount: '1.250',
    });
  });

  it('does not match a current event with an unknown field', () => {
    expect(() => parseEvent({ ...assessed, data: { ...assessed.data, library: 'MAIN' } })).toThrow(
      'data.library',
    );
  });

  it.each([
    ['no charge id', { chargeId: undefined }, 'data.chargeId'],
    ['an amount as a string', { minorUnits: '1250' }, 'data.minorUnits'],
    ['nothing charged', { minorUnits: 0 }, 'data.minorUnits'],
    ['a field that nobody ever wrote', { owner: 'MAIN' }, 'data.owner'],
    // These match the old shape, but not the current one.
    ['more than the largest amount', { minorUnits: 1e12 }, 'data.amount'],
    ['an unknown currency', { currency: 'XYZ' }, 'data.currency'],
  ])('is refused with %s', (_, data, path) => {
    expect(() => parseEvent(charged(data))).toThrow(
      expect.objectContaining({
        code: 'INVALID_EVENT',
        details: { faults: expect.arrayContaining([expect.objectContaining({ path })]) },
      }),
    );
  });
});
