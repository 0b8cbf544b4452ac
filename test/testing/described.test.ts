import { describe, expect, it } from 'vitest';
import { described } from '../../src/testing/described.js';

describe('describing a thrown value', () => {
  it('returns its message or its stack', () => {
    expect(described(new TypeError('no'))).toBe('no');
    expect(described(new TypeError('no'), 'stack')).toMatch(/^TypeError: no\n +at /);
    expect(described(17)).toBe('17');
    expect(described(undefined)).toBe('undefined');
  });

  it('returns a text even if the value cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const odd of [Object.create(null), proxy]) expect(described(odd)).toBe('something unreadable');
  });
});
