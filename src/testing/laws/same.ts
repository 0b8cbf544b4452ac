import assert from 'node:assert/strict';

/** Fails unless two values have the same JSON; shows the difference. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one === other) return;
  try {
    assert.deepEqual(JSON.parse(one), JSON.parse(other));
  } catch (error) {
    assert.fail(`${what}: ${(error as Error).message}`);
  }
  assert.fail(`${what}: the fields come in another order`);
}
