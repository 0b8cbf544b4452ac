import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { existingFile } from '../../src/bursar/runBursarExport.js';
import { institution, temporaryFolder, transferOf } from './bursarLibrary.js';

it('compares amounts by value, with or without extra zeros, and only rows of its job', async () => {
  const file = join(temporaryFolder(), 'export.csv');
  writeFileSync(
    file,
    'reference,amount\nu17@job,300\nu17@job#1,-5.5\nu17@job#x,1\nu18@jobs,1\nu19@job#2,?\n',
  );
  const before = await existingFile({ file, format: 'csv' }, { institution, jobId: 'job' }, 2);
  const sent = [
    transferOf({ reference: 'u17@job', amount: '300.00' }),
    transferOf({ reference: 'u17@job#1', kind: 'credit', amount: '5.50' }),
  ];
  expect(before.compare('u17', sent, false)).toEqual([]);
  expect(before.rest()).toMatchObject([
    { code: 'FILE_ROW_WITHOUT_EVENT', reference: 'u19@job#2', amount: '?' },
  ]);
  before.leaveOut('u19');
  expect(before.rest()).toEqual([]);
});
