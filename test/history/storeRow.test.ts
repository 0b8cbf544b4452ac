import { expect, it } from 'vitest';
import { accountEvents } from '../../src/history/codec.js';
import { recordedEventOf, streamOf } from '../../src/history/storeRow.js';

const at = '2026-03-02T09:00:00Z';
const event = '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}';

it.each([1, '1', 1n])('reads a row with integers such as %o', (version) => {
  expect(recordedEventOf({ version, recorded_at: at, event }, accountEvents)).toEqual({
    version: 1,
    recordedAt: at,
    event: JSON.parse(event),
  });
});

it('returns the stream of a row', () => {
  expect(streamOf({ institution: 'north', patron_id: '17', version: 1 })).toEqual({
    institution: 'north',
    patronId: '17',
  });
});
