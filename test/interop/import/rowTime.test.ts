import { describe, expect, it } from 'vitest';
import { rowTimes } from '../../../src/interop/import/rowTime.js';

const utc = rowTimes('UTC');
const newYork = rowTimes('America/New_York');

describe('a time of a row', () => {
  it.each([
    ['2026-03-02 10:15:00', '2026-03-02T10:15:00.000Z'],
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2022-06-17 17:04:37.58257-04', '2022-06-17T21:04:37.582Z'],
    ['2019-10-08T18:10:33.171+0000', '2019-10-08T18:10:33.171Z'],
    ['2022-09-19T11:26:22.857+00:00', '2022-09-19T11:26:22.857Z'],
    ['2026-03-02T10:15:00+05:30', '2026-03-02T04:45:00.000Z'],
    ['2026-03-02T10:15Z', '2026-03-02T10:15:00.000Z'],
    [new Date('2026-03-02T10:15:00Z'), '2026-03-02T10:15:00.000Z'],
  ])('%s is %s', (value, at) => expect(utc(value)).toEqual({ at, ms: Date.parse(at) }));

  it('without a zone is local', () => {
    expect(newYork('2026-01-02 10:15:00')?.at).toBe('2026-01-02T15:15:00.000Z');
    expect(newYork('2026-07-02 10:15:00')?.at).toBe('2026-07-02T14:15:00.000Z');
    expect(newYork('2026-03-08 01:59:59')?.at).toBe('2026-03-08T06:59:59.000Z');
    expect(newYork('2026-03-08 03:00:00')?.at).toBe('2026-03-08T07:00:00.000Z');
    expect(newYork('2026-11-01 01:30:00')?.at).toBe('2026-11-01T05:30:00.000Z');
    expect(newYork('2026-11-01 02:00:00')?.at).toBe('2026-11-01T07:00:00.000Z');
    expect(newYork('2026-07-02T10:15:00Z')?.at).toBe('2026-07-02T10:15:00.000Z');
  });

  it('that a clock change skips is read with the offset before it', () => {
    expect(newYork('2026-03-08 02:30:00')?.at).toBe('2026-03-08T07:30:00.000Z');
  });

  it.each([
    ['DD.MM.YYYY', '02.03.2026', '2026-03-02T00:00:00.000Z'],
    ['DD/MM/YYYY', '02/03/2026 10:15:30', '2026-03-02T10:15:30.000Z'],
    ['MM/DD/YYYY', '02/03/2026T10:15', '2026-02-03T10:15:00.000Z'],
    ['MM/DD/YYYY', '2/13/2026 9:05', '2026-02-13T09:05:00.000Z'],
    ['DD-MM-YYYY', '02-3-2026 09:05+01:00', '2026-03-02T08:05:00.000Z'],
    ['YYYY-MM-DD', '2026-3-2', '2026-03-02T00:00:00.000Z'],
    ['YYYY/MM/DD', '2026/03/02', '2026-03-02T00:00:00.000Z'],
    ['DD.MM.YYYY', '2.3.2026', '2026-03-02T00:00:00.000Z'],
    ['DD.MM.YYYY', '2026-03-02', '2026-03-02T00:00:00.000Z'],
  ] as const)('of the order %s: %s is %s', (order, value, at) => {
    expect(rowTimes('UTC', order)(value)).toEqual({ at, ms: Date.parse(at) });
  });

  it('of an order without a zone is local', () => {
    expect(rowTimes('Europe/Berlin', 'DD.MM.YYYY')('02.07.2026 10:15')?.at).toBe('2026-07-02T08:15:00.000Z');
  });

  it.each([
    ['DD.MM.YYYY', '02/03/2026'],
    ['DD.MM.YYYY', '02.03/2026'],
    ['DD.MM.YYYY', '02x03x2026'],
    ['DD.MM.YYYY', '02.03.26'],
    ['DD.MM.YYYY', '31.02.2026'],
    ['DD.MM.YYYY', '02.03.2026 25:00'],
    ['DD.MM.YYYY', '02.03.2026 10'],
    ['DD.MM.YYYY', '02.03.2026x'],
    ['DD/MM/YYYY', '03/13/2026'],
    ['MM/DD/YYYY', '2/3/2026 9:05 PM'],
  ] as const)('of the order %s is not %s', (order, value) =>
    expect(rowTimes('UTC', order)(value)).toBeUndefined(),
  );

  it.each([
    '',
    'x',
    '02.03.2026',
    '2026-02-30',
    '2026-03-02 25:00:00',
    '2026-03-02 10:60:00',
    '1066-10-14',
    17,
    null,
    new Date(Number.NaN),
  ])('%s is not a time', (value) => expect(utc(value)).toBeUndefined());
});
