import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { sqliteKeys } from '../../../src/stores/keys/index.js';
import { keyStoreCases } from '../../support/keyStoreCases.js';
import { describeWith } from '../../support/programs.js';
import { type OpenDatabase, sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `keys in SQLite by ${name}`, () => {
    const closes: (() => unknown)[] = [];

    afterEach(() => {
      for (const close of closes.splice(0)) close();
    });

    const newFile = () => {
      const { file, remove } = temporaryFile();
      const databases = [open(file), open(file)] as [OpenDatabase, OpenDatabase];
      closes.push(() => {
        for (const database of databases) database.close();
        remove();
      });
      return { file, databases };
    };

    keyStoreCases(async () => {
      const { databases } = newFile();
      return [sqliteKeys(databases[0]), sqliteKeys(databases[1])];
    });

    it('leaves nothing of a deleted key in the file and its log, unless somebody reads', async () => {
      const { file, databases } = newFile();
      const keys = sqliteKeys(databases[0]);
      const accounts = Array.from({ length: 60 }, (_, index) => ({
        institution: 'n',
        patronId: `p${index}`,
      }));
      const keyOf = (index: number) => `secret-${index}-${'x'.repeat((index * 37) % 400)}`;
      const bytes = () => [file, `${file}-wal`].map((path) => readFileSync(path, 'latin1')).join('');
      for (const [index, account] of accounts.entries()) await keys.replace(account, null, keyOf(index));
      databases[1].exec('begin');
      databases[1].prepare('select count(*) from patron_fees_key').get();
      for (const [index, account] of accounts.entries())
        await keys.replace(account, keyOf(index), index % 2 === 0 ? null : `new-${index}`);
      expect(await keys.sweep?.()).toEqual({ remaining: 'reader' });
      expect(bytes()).toContain('secret-7-');
      databases[1].exec('commit');
      expect(await keys.sweep?.()).toEqual({});
      expect(bytes()).not.toContain('secret-');
    });
  });
}

it('refuses what is not a database', () => {
  expect(() => sqliteKeys({} as never)).toThrow('INVALID_ARGUMENT');
});
