import { expect, it } from 'vitest';
import { frozen } from '../../src/overdue/frozen.js';

it('freezes plain JSON at every depth', () => {
  const value = frozen({ list: [{ deep: 1 }], none: null, text: 'a' });
  expect([value, value.list, value.list[0]].every(Object.isFrozen)).toBe(true);
  expect(frozen(value)).toBe(value);
});
