import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { officeEventSchema } from '../../src/office/officeEventSchema.js';
import { at, by } from './till/tills.js';

const purge = { purgeId: '2026', patronId: 'p', version: 2, seal: 1, at, by };
const metadata = { correlationId: '2026' };

describe('the schema of the events of the office', () => {
  it('accepts an event, and names the field that is wrong', () => {
    expect(v.is(officeEventSchema, { type: 'PurgeRecorded', data: purge, metadata })).toBe(true);
    const wrong = { type: 'PurgeRecorded', data: { ...purge, seal: '1' }, metadata };
    const { issues = [] } = v.safeParse(officeEventSchema, wrong);
    expect(issues.map((issue) => v.getDotPath(issue))).toEqual(['data.seal']);
  });
});
