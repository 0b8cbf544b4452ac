import { expect, it } from 'vitest';
import { sqliteLock } from '../../../src/stores/sqlite/index.js';
import { describeWith } from '../../support/programs.js';
import { sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `a lock in SQLite by ${name}`, () => {
    it('is held by one at a time, until it is released or its connection ends', async () => {
      const { file, remove } = temporaryFile();
      const [first, second] = [open(file), open(file)];
      const [one, other] = [sqliteLock(first), sqliteLock(second)];
      const held = await one.tryAcquire();
      expect(held?.isHeld()).toBe(true);
      expect(await one.tryAcquire()).toBeUndefined();
      expect(await other.tryAcquire()).toBeUndefined();
      await held?.release();
      await held?.release();
      expect(held?.isHeld()).toBe(false);
      const next = await other.tryAcquire();
      expect(next?.isHeld()).toBe(true);
      expect(await one.tryAcquire()).toBeUndefined();
      second.close();
      expect((await one.tryAcquire())?.isHeld()).toBe(true);
      first.close();
      remove();
    });
  });
}

it('refuses what is not a database', () => {
  expect(() => sqliteLock({} as never)).toThrow('INVALID_ARGUMENT');
});
