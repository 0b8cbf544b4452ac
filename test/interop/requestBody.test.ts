import { describe, expect, it } from 'vitest';
import { jsonFields, readText } from '../../src/interop/requestBody.js';

describe('readText', () => {
  const post = (body: string | ReadableStream) =>
    readText(new Request('https://alma.example/', { method: 'POST', body, duplex: 'half' } as RequestInit));

  it('reads a body, even in pieces, and an absent one', async () => {
    expect(await post('é'.repeat(100))).toBe('é'.repeat(100));
    expect(await readText(new Request('https://alma.example/', { method: 'POST' }))).toBe('');
    const bytes = new TextEncoder().encode('ééé');
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await post(pieces)).toBe('ééé');
  });

  it('refuses a body that ends early, as from a client that leaves', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error('aborted'));
      },
    });
    expect(await post(broken)).toEqual({ status: 400, message: 'The body ended early.' });
  });

  it('stops reading a body that is too long', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    expect(await post(endless)).toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(20);
  });
});

describe('jsonFields', () => {
  it.each([
    ['{"a":1}', new Map([['a', 1]])],
    ['{"a":1,"a":2}', { fault: 'the field a twice' }],
    ['[1]', { fault: 'no object' }],
    ['{', { fault: 'no valid JSON' }],
  ])('of %s', (text, fields) => {
    expect(jsonFields(text)).toEqual(fields);
  });
});
