import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redactEvent } from '../../src/history/index.js';
import { isKnownRule, sealChain, utcMicroseconds } from '../../src/seals/sealRule.js';
import { randomAccounts } from '../support/randomAccounts.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const stream = { institution: 'north', patronId: 'p' };
const at = '2026-03-02T09:00:00Z';

describe('the chain of rule 1', () => {
  it('can be computed by hand', () => {
    const chain = sealChain('1', 'account', stream);
    const begin = sha256('["1","north","account","p"]');
    expect(chain.digest()).toBe(begin);
    const data = {
      waiverId: 'w1',
      feeId: 'f1',
      amount: '1.00',
      currency: 'USD',
      at,
      reason: 'STAFF',
      comment: 'x',
    };
    const metadata = { commandId: 'w1', commandDigest: 'd', sealed: 's' };
    const leaf = chain.add({ version: 7, recordedAt: at, event: { type: 'FeeWaived', data, metadata } });
    expect(leaf).toBe(
      sha256(
        '["2026-03-02T09:00:00.000000Z",{"data":{"amount":"1.00","at":"2026-03-02T09:00:00Z","currency":"USD",' +
          '"feeId":"f1","reason":"STAFF","waiverId":"w1"},"metadata":{"commandId":"w1"},"type":"FeeWaived"}]',
      ),
    );
    expect(chain.digest()).toBe(sha256(`${begin}\n7\n${leaf}`));
  });

  it('is the same for an event and for its redacted form', () => {
    const digests = (change: (event: never) => unknown) =>
      randomAccounts(20, 5).map(({ events }) => {
        const chain = sealChain('1', 'account', stream);
        for (const [index, event] of events.entries()) {
          const data = {
            ...event.data,
            comment: 'c',
            staffNote: 'n',
            ...('item' in event.data && { item: { title: 't' } }),
          };
          chain.add({ version: index + 1, recordedAt: at, event: change({ ...event, data } as never) });
        }
        return chain.digest();
      });
    const whole = digests((event) => event);
    expect(digests((event) => redactEvent(event))).toEqual(whole);
    expect(new Set(whole).size).toBe(whole.length);
  });

  it('leaves out a free reason, and keeps a code', () => {
    const leafOf = (type: string, data: object) =>
      sealChain('1', 'account', stream).add({ version: 1, recordedAt: at, event: { type, data } });
    const isSealed = (type: string, data: object) =>
      leafOf(type, { ...data, reason: 'a' }) !== leafOf(type, { ...data, reason: 'b' });
    expect(isSealed('FeeWaived', {})).toBe(true);
    expect(isSealed('CreditIssued', { cause: 'manual' })).toBe(true);
    expect(isSealed('LostItemCreditIssued', { cause: 'waived' })).toBe(true);
    expect(isSealed('CreditIssued', { cause: 'imported' })).toBe(false);
    expect(isSealed('PaymentReversed', {})).toBe(false);
  });

  it('is accepted under its own name only', () => {
    expect([isKnownRule('1'), isKnownRule('2'), isKnownRule('constructor')]).toEqual([true, false, false]);
  });
});

describe('the time of a leaf', () => {
  it('is in UTC with six digits, however the store wrote it', () => {
    expect(utcMicroseconds('2026-03-02T09:00:00Z')).toBe('2026-03-02T09:00:00.000000Z');
    expect(utcMicroseconds('2026-03-02T10:00+01:00')).toBe('2026-03-02T09:00:00.000000Z');
    expect(utcMicroseconds('2026-03-01T23:30:00.1234567-05:30')).toBe('2026-03-02T05:00:00.123456Z');
    expect(utcMicroseconds('2026-03-02T09:00:00.999999Z')).toBe('2026-03-02T09:00:00.999999Z');
  });
});
