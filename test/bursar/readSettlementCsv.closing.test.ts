import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { readSettlementCsv } from '../../src/bursar/settlementSource.js';
import { until } from '../support/until.js';
import { temporaryFolder } from './bursarLibrary.js';

/** Whether this process has a file open. */
function isOpen(file: string): boolean {
  return readdirSync('/proc/self/fd').some((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === file;
    } catch {
      // Closed in the meantime, like the descriptor of the listing itself.
      return false;
    }
  });
}

it.runIf(process.platform === 'linux')('closes a file that is not read to its end', async () => {
  const file = join(temporaryFolder(), 'answer.csv');
  for (const header of ['reference,amount', 'these,others']) {
    writeFileSync(file, `${header}\n${'a@t,1\n'.repeat(100_000)}`);
    for await (const _ of readSettlementCsv(file, {})) break;
    await until(() => !isOpen(file));
  }
});
