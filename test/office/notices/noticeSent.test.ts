import { describe, expect, it } from 'vitest';
import { noticeKinds } from '../../../src/index.js';
import type { NoticeSent } from '../../../src/jobs/index.js';
import { officeEvents } from '../../../src/office/index.js';
import { at, by } from '../till/tills.js';

const sent: NoticeSent = {
  type: 'NoticeSent',
  data: { patronId: 'dverma', kind: 'paid', told: ['paid/2'], at, by },
  metadata: { correlationId: 'night' },
};

describe('NoticeSent', () => {
  it('is read as it was written, for every kind of notice', () => {
    for (const kind of noticeKinds) {
      const event = { ...sent, data: { ...sent.data, kind } };
      expect(officeEvents.decode(officeEvents.encode(event))).toEqual(event);
    }
    const { metadata: _, ...nameless } = sent;
    expect(officeEvents.decode(officeEvents.encode(nameless))).toEqual(nameless);
  });

  it('has no text and no other field', () => {
    const wrong = [
      { comment: 'x' },
      { kind: 'billed' },
      { told: 'paid/2' },
      { patronId: '' },
      { at: 'today' },
    ];
    for (const more of wrong) {
      const event = { ...sent, data: { ...sent.data, ...more } } as never;
      expect(() => officeEvents.encode(event)).toThrow('INVALID_EVENT');
    }
  });
});
