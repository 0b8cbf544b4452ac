import { describe, expect, it } from 'vitest';
import { tillPostings } from '../../../src/jobs/reports/index.js';
import type { TillCommand } from '../../../src/office/index.js';
import { close, move, open, tillEvents } from '../../office/till/tills.js';

const posted = (...commands: readonly TillCommand[]) =>
  tillPostings(tillEvents(...commands)).map(({ postings }) =>
    postings.map(({ account, amountMinor }) => `${account.join(':')} ${amountMinor}`),
  );

describe('the postings of a till', () => {
  it('move the float out of the safe, and drops back into it', () => {
    expect(posted(open(), move('m', 'in', '5.00'), move('n', 'out', '30.00'))).toEqual([
      ['cash:CASH 5000', 'safe -5000'],
      ['cash:CASH 500', 'safe -500'],
      ['cash:CASH -3000', 'safe 3000'],
    ]);
    expect(posted(open('s', '0.00'))).toEqual([[]]);
  });

  it('move the deposit, the float that is kept and the shortage out of the drawer', () => {
    expect(posted(open(), close('c', '12.50', '62.00')).at(-1)).toEqual([
      'cash:CASH -6250',
      'overShort:CASH 50',
      'deposited:CASH 1200',
      'safe 5000',
    ]);
  });

  it('cover every method, with surplus money as a negative expense', () => {
    const closing = {
      ...close('c', '-10.00', '40.00'),
      takings: [
        { method: 'CASH', amount: '-10.00' },
        { method: 'CHECK', amount: '20.00' },
      ],
      counts: [
        { method: 'CASH', amount: '40.00' },
        { method: 'CHECK', amount: '21.00' },
      ],
      deposits: [{ method: 'CHECK', amount: '20.50' }],
    };
    expect(posted(open(), closing).at(-1)).toEqual([
      'cash:CASH -4000',
      'cash:CHECK -2000',
      'overShort:CHECK -100',
      'deposited:CHECK 2050',
      'safe 4050',
    ]);
  });

  it('have the desk at which the till was opened, even if somebody else counts it', () => {
    const counted = { ...close('c', '0.00', '50.00'), by: { channel: 'desk', userId: 'boss' } } as const;
    expect(tillPostings(tillEvents(open(), counted)).map(({ desk }) => desk)).toEqual(['CIRC', 'CIRC']);
  });

  it('are not computed from a corrupt till', () => {
    expect(() => tillPostings(tillEvents(open(), close('c', '1.00', '51.00')).slice(1))).toThrow(
      'CORRUPT_HISTORY',
    );
  });
});
