import { PatronFeesError } from 'patron-fees';
import { describe, expect, it } from 'vitest';
import { AGAIN, isFinal, patiently } from '../../../src/stores/nats/patience.js';
import { clientError, timeout } from '../../support/fakeJetStream.js';

/** An attempt that does one thing after the other. */
function attempts(...steps: (() => unknown)[]) {
  return async () => (steps.length > 1 ? steps.shift() : steps[0])?.();
}

const failing = (error: unknown) => () => {
  throw error;
};

describe('patience', () => {
  it('tries again after no answer and after an answer that says too little', async () => {
    expect(
      await patiently(
        1_000,
        attempts(
          failing(timeout()),
          () => AGAIN,
          () => 'answer',
        ),
      ),
    ).toBe('answer');
  });

  it('ends with the last reason', async () => {
    const cause = timeout();
    await expect(patiently(30, attempts(failing(cause)))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { waitedMs: 30, reason: 'TimeoutError: TimeoutError', cause },
    });
    await expect(
      patiently(
        30,
        attempts(() => AGAIN),
      ),
    ).rejects.toMatchObject({
      details: { reason: 'the leader is behind' },
    });
    await expect(patiently(30, attempts(failing('text')))).rejects.toMatchObject({
      details: { reason: 'text' },
    });
  });

  it('is lost at once with what time does not heal', async () => {
    const error = clientError('ClosedConnectionError');
    await expect(
      patiently(
        1_000,
        attempts(failing(error), () => 'answer'),
      ),
    ).rejects.toBe(error);
  });
});

describe('an error', () => {
  it.each([
    [timeout(), false],
    [clientError('JetStreamNotEnabled'), false],
    [clientError('RequestError'), false],
    [clientError('JetStreamApiError', { code: 10008, status: 503 }), false],
    ['text', false],
    [null, false],
    [clientError('StreamNotFoundError', { code: 10059, status: 404 }), true],
    [clientError('AuthorizationError'), true],
    [new TypeError('a fault of the program'), true],
    [new PatronFeesError('VERSION_CONFLICT', 'x'), true],
  ])('%s is final: %s', (error, final) => {
    expect(isFinal(error)).toBe(final);
  });
});
