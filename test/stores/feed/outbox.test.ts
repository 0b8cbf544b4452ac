import { expect, it } from 'vitest';
import { cloudEvent } from '../../../src/stores/feed/index.js';
import { messagesFor } from '../../../src/stores/feed/outbox.js';
import { assessedFee } from '../../support/assessedFee.js';

const events = ['f1', 'f2'].map((id, index) => ({
  institution: 'north',
  patronId: 'p1',
  version: index + 1,
  recordedAt: '2026-03-02T09:00:00Z',
  event: assessedFee(id),
}));

it('refuses a type that no event has: the outbox would stay empty', () => {
  expect(() => messagesFor({ source: '/fees', types: ['PaymentRecieved' as never] })).toThrow(
    /INVALID_ARGUMENT: options\.types\[0\]: expected one of .*PaymentReceived.* found "PaymentRecieved"/,
  );
});

it('makes a message of each event, which is its CloudEvent', () => {
  const options = { source: '/fees' };
  expect(messagesFor(options)(events)).toEqual(
    events.map((event) => JSON.stringify(cloudEvent(event, options))),
  );
  expect(messagesFor({ ...options, types: [] })(events)).toEqual([]);
  expect(messagesFor({ ...options, types: ['FeeAssessed'] })(events)).toHaveLength(2);
});
