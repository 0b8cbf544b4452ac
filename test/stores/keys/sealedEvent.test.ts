import { expect, it } from 'vitest';
import { redactEvent } from '../../../src/history/index.js';
import { hasTexts, sealEvent, sealingKey, unsealEvent } from '../../../src/stores/keys/keyedEventStore.js';
import { newKey } from '../../../src/stores/keys/keyStore.js';
import { assessedFee } from '../../support/assessedFee.js';

const stream = { institution: 'north', patronId: 'p1' };
const event = assessedFee('f1', { comment: 'Was in hospital' });
const recorded = (sealed: typeof event, version = 1) => ({
  version,
  recordedAt: '2026-03-02T09:00:00Z',
  event: sealed,
});

it('encrypts with a new nonce each time, and leaves an event without texts as it is', () => {
  const key = newKey();
  const [one, other] = [1, 2].map(() => sealEvent(event, { stream, version: 1, key })) as [
    typeof event,
    typeof event,
  ];
  expect(one.metadata?.sealed).not.toBe(other.metadata?.sealed);
  expect(redactEvent(one)).toEqual(redactEvent(event));
  for (const sealed of [one, other])
    expect(unsealEvent(recorded(sealed), stream, [key]).event).toEqual(event);
  const plain = assessedFee('f2');
  expect(sealEvent(plain, { stream, version: 1, key })).toBe(plain);
  expect(sealEvent(one, { stream, version: 1, key })).toBe(one);
  expect([event, plain, one].map(hasTexts)).toEqual([true, false, false]);
});

it('finds the key of an event by its name, and reads as erased without it', () => {
  const [key, other] = [newKey(), newKey()];
  const sealed = recorded(sealEvent(event, { stream, version: 1, key }));
  expect(sealingKey(sealed, [other, key])).toBe(key);
  expect(sealingKey(sealed, [other])).toBeUndefined();
  expect(unsealEvent(sealed, stream, [other]).event).toEqual(redactEvent(event));
});

it.each(['', '.', 'x', 'KEY.', 'KEY.AAAA', `KEY.${'A'.repeat(200)}`])(
  'refuses %j as encrypted texts, if it has the name of a key, and reads as erased otherwise',
  (sealed) => {
    const key = newKey();
    const found = recorded({ ...event, metadata: { sealed: sealed.replace('KEY', key.id) } });
    if (sealed.startsWith('KEY'))
      expect(() => unsealEvent(found, stream, [key])).toThrow(/CORRUPT_HISTORY: north\/p1: .* version 1/);
    else expect(unsealEvent(found, stream, [key]).event).toEqual(redactEvent(event));
  },
);

it('reads what 0.1.0 has written', () => {
  const key = { id: 'k', secret: Buffer.alloc(32, 7).toString('base64url') };
  const sealed =
    'k.YCS6R2JxkC9K2rPwHL6JYuZCLLuNa8iobz6SxWk4ZMiej7XDzb-pkGEvWEzU145mZsYf_OXzWI270h-apGz4ja06agEFY_PgZAlgXg8TST3YiSlTRAmutfoe0gR1Kkip1C6aBMKjG4bK-blXxLqzeqM0If5kcb0fle5o1GC1VenfpoiGRf9dhMgLdd_zuwzZdM3xaWCm-CDrSiaNyTWruODPBwNaS5r2pAQjFoDx-lK-ItqLGjZqkkI0HTSU7Q35IR4';
  const stored = recorded({ ...assessedFee('f1'), metadata: { sealed } });
  expect(unsealEvent(stored, stream, [key]).event).toEqual(event);
});
