import { expect, it } from 'vitest';
import { settlingRefusal } from '../../../src/online/settle/settling.js';
import { clerk, manager } from '../shop.js';

it('needs the role of those who may purge', () => {
  expect(settlingRefusal(manager)).toBeUndefined();
  expect(settlingRefusal(clerk)).toEqual({
    type: 'MayNotSettle',
    kind: 'forbidden',
    userId: 'kim',
    role: 'USER_MANAGER',
  });
});
