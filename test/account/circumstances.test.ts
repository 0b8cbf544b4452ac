import { describe, expect, it } from 'vitest';
import { channels, creditPurposes } from '../../src/account/circumstances.js';

describe('the words of stored events', () => {
  it('for channels and for purposes never change', () => {
    expect(channels).toEqual(['desk', 'selfCheck', 'online', 'job', 'import']);
    expect(creditPurposes).toEqual(['setOff', 'refundable', 'external', 'goodwill']);
  });
});
