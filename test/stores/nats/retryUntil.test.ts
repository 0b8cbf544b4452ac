import { PatronFeesError } from 'patron-fees';
import { describe, expect, it } from 'vitest';
import { isFinal, RETRY, retryUntil } from '../../../src/stores/nats/retryUntil.js';
import { clientError, timeout } from '../../support/fakeJetStream.js';

/** An attempt that runs one step each time. */
function attempts(...steps: (() => unknown)[]) {
  return async () => (steps.length > 1 ? steps.shift() : steps[0])?.();
}

const failing = (error: unknown) => () => {
  throw error;
};

describe('retryUntil', () => {
  it('retries after a failed attempt and after one that returns RETRY', async () => {
    expect(
      await retryUntil(
        60_000,
        attempts(
          failing(timeout()),
          () => RETRY,
          () => 'answer',
        ),
      ),
    ).toBe('answer');
  });

  it('rejects with the last reason', async () => {
    const cause = timeout();
    await expect(retryUntil(30, attempts(failing(cause)))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { waitedMs: 30, reason: 'TimeoutError: TimeoutError', cause },
    });
    await expect(
      retryUntil(
        30,
        attempts(() => RETRY),
      ),
    ).rejects.toMatchObject({
      details: { reason: 'the leader is behind' },
    });
    await expect(retryUntil(30, attempts(failing('text')))).rejects.toMatchObject({
      details: { reason: 'text' },
    });
  });

  it('rejects at once with a final error', async () => {
    const error = clientError('ClosedConnectionError');
    await expect(
      retryUntil(
        60_000,
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
    [Object.assign(clientError('RequestError'), { cause: clientError('PermissionViolationError') }), true],
    [Object.assign(clientError('RequestError'), { cause: timeout() }), false],
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
