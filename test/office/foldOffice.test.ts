import { describe, expect, it } from 'vitest';
import { foldRemittances } from '../../src/bursar/index.js';
import { remittancePostings, tillPostings } from '../../src/jobs/reports/index.js';
import { foldReceiptSeries, foldTill } from '../../src/office/index.js';
import { errorOf } from '../support/events.js';
import { open, tillEvents } from './till/tills.js';

const folds = { foldTill, foldRemittances, foldReceiptSeries, tillPostings, remittancePostings };
const [opened] = tillEvents(open());

describe.each(Object.entries(folds))('%s', (_, fold) => {
  it('refuses a value that is not a list', () => {
    for (const bad of [undefined, null, 1, {}, Symbol('events'), () => []]) {
      expect(errorOf(() => fold(bad as never)).code).toBe('INVALID_ARGUMENT');
    }
  });

  it('refuses values that are not events', () => {
    for (const bad of [undefined, null, 1, 'x', {}, [], { ...opened, data: null }, { metadata: {} }]) {
      expect(errorOf(() => fold([bad] as never)).code).toBe('INVALID_EVENT');
    }
    expect(errorOf(() => fold('x' as never)).code).toBe('INVALID_EVENT');
    const withoutFloat = { ...opened, data: { ...opened?.data, float: {} } };
    expect(errorOf(() => foldTill([withoutFloat] as never)).code).toBe('INVALID_EVENT');
    expect(errorOf(() => tillPostings([withoutFloat] as never)).code).toBe('INVALID_EVENT');
  });

  it('accepts no events in any list', () => {
    expect(fold(new Set() as never)).toEqual(fold([]));
  });
});
