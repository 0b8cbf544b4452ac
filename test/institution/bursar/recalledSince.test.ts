import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { recalledSince } from '../../../src/institution/bursar/recalledSince.js';

import { ask, assess, at } from '../../support/account.js';
import {
  accountOf,
  expecting,
  institution,
  rewriteFile,
  rowsOf,
  runExport,
  storeOf,
  temporaryFolder,
} from './bursarLibrary.js';

const u17 = { institution, patronId: 'u17' };

describe('recalls since the transfer', () => {
  it('are returned with reference and amount, recall by recall, for this job only', async () => {
    const store = await storeOf({
      u17: [
        assess('f1', '5.00'),
        assess('f2', '3.00'),
        ask('TransferFees', 'other', { fees: [{ feeId: 'f1', amount: '1.00' }] }),
        ask('TransferFees', 'job', { eligible: { fees: {} } }),
        ask('RecallTransfer', 'r1', { transferId: 'other' }),
        ask('RecallTransfer', 'r2', { transferId: 'job', amount: '1.00' }),
        ask('RecallTransfer', 'r3', { transferId: 'job', amount: '0.50' }),
      ],
    });
    expect(recalledSince(await accountOf(store, 'u17'), 'job', u17)).toEqual([
      {
        ...{ ...u17, code: 'RECALLED', reference: 'u17@job', amount: '1.50' },
        message: '1.50 of u17@job was recalled since it was handed over; the file has it',
      },
    ]);
  });

  it('are findings of a repeated export, and of a rewritten file', async () => {
    const store = await storeOf({ u17: [assess('f1', '5.00')], u18: [assess('f1', '4.00')] });
    const file = join(temporaryFolder(), 'export.csv');
    const options = { jobId: 'job', institution, file, format: 'csv' } as const;
    const whole = { ...options, at, fees: {} };
    expect((await runExport(store, expecting, whole)).findings.count).toBe(0);
    await execute(store, expecting, u17, ask('RecallTransfer', 'r1', { transferId: 'job' }));
    for (const again of [
      () => runExport(store, expecting, whole),
      () => rewriteFile(store, expecting, options),
    ]) {
      const { findings, net } = await again();
      expect([findings.byCode, findings.first[0]?.patronId, net]).toEqual([{ RECALLED: 1 }, 'u17', '9.00']);
      expect(rowsOf(file).map(({ amount }) => amount)).toEqual(['5.00', '4.00']);
    }
  });
});
