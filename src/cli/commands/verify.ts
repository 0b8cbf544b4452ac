import { existsSync } from 'node:fs';
import { verifySeals } from 'patron-fees/institution';
import { violations } from 'patron-fees/testing';
import { faultText, type LineFault } from '../eventLine.js';
import { openSource } from '../eventSource.js';
import { foldedAccounts } from '../foldedAccounts.js';
import { openOffice } from '../openStore.js';
import { type PolicyOptions, readPolicy } from '../policyFile.js';
import { CliError, type ExitCode, print, type Terminal, visible } from '../terminal.js';

/** Options of `verify`. */
export type VerifyOptions = PolicyOptions & {
  /** The folder of the seals. */
  readonly seals?: string;
  /** The store of the office, where the seals are recorded. */
  readonly office?: string;
  readonly institution?: string;
  /** The number and the total of a seal as they are known from elsewhere. */
  readonly anchor?: string;
  readonly json?: boolean;
};

/** What is wrong with an account or a seal. */
type VerifyFinding = { readonly code: string; readonly patronId: string | null; readonly message: string };

/**
 * Checks every event and every account: whether events can be read and fit, and whether the rows of each account agree
 * with one another. With seals, also whether the store still has what was sealed.
 */
export async function verify(terminal: Terminal, address: string, options: VerifyOptions): Promise<ExitCode> {
  const { seals, office, institution } = options;
  const asked = [seals, office, institution].filter((option) => option !== undefined).length;
  if (asked !== 0 && asked !== 3)
    throw new CliError('Seals are verified with --seals FOLDER, --office STORE and --institution ID.');
  const anchor = options.anchor === undefined ? undefined : anchorOf(options.anchor, asked > 0);
  const policy = await readPolicy(options);
  const totals = { accounts: 0, seals: 0, findings: 0 };
  const found = async (finding: VerifyFinding, text = textOf(finding)) => {
    totals.findings += 1;
    await print(terminal, options.json ? `${JSON.stringify(finding)}\n` : `${visible(text)}\n`);
  };
  const onFault = (fault: LineFault) => found(fault, faultText(fault));
  const source = await openSource(terminal, address);
  try {
    for await (const { stream, account } of foldedAccounts(
      terminal,
      source.name,
      source.events(onFault),
      onFault,
    )) {
      totals.accounts += 1;
      const patronId = stream?.patronId ?? null;
      for (const violation of violations(account))
        await found({
          code: 'VIOLATION',
          patronId,
          message: `the rows do not agree: ${JSON.stringify(violation)}`,
        });
    }
    if (seals !== undefined && office !== undefined && institution !== undefined) {
      if (source.store === null) throw new CliError('Seals are of a store, not of a file.');
      if (!existsSync(seals)) throw new CliError(`${seals}: there is no such folder.`);
      const opened = await openOffice(office);
      try {
        const stores = { accounts: source.store, office: opened.store };
        const verified = await verifySeals(
          stores,
          policy,
          { institution, ...(anchor && { anchor }) },
          {
            folder: seals,
            signal: terminal.signal,
            onFinding: ({ code, message, ...place }) =>
              found({ code, patronId: 'patronId' in place ? place.patronId : null, message }),
          },
        );
        totals.seals = verified.seals;
      } finally {
        await opened.close();
      }
    }
  } finally {
    await source.close();
  }
  await print(
    terminal,
    options.json
      ? `${JSON.stringify({ totals })}\n`
      : `${totals.accounts} accounts and ${totals.seals} seals, ${totals.findings} findings\n`,
  );
  return totals.findings === 0 ? 0 : 1;
}

/** Reads an anchor as the files of a closing print it: the number of the seal, a space, the total. */
function anchorOf(
  text: string,
  areSealsVerified: boolean,
): { readonly number: number; readonly total: string } {
  const [, number, total] = /^([1-9]\d*) ([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || total === undefined || !areSealsVerified)
    throw new CliError('An anchor is "NUMBER TOTAL" of a seal, beside --seals, --office and --institution.');
  return { number: Number(number), total };
}

function textOf({ patronId, message }: VerifyFinding): string {
  return patronId === null ? message : `${patronId}: ${message}`;
}
