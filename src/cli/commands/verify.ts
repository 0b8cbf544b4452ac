import { existsSync } from 'node:fs';
import { verifyMonthFiles, verifySeals } from 'patron-fees/closing';
import { violations } from 'patron-fees/testing';
import { type EventLine, faultText, idOfLine, type LineFault, ofOffice } from '../eventLine.js';
import { openSource } from '../eventSource.js';
import { foldedAccounts } from '../foldedAccounts.js';
import { openOffice } from '../openStore.js';
import { type PolicyOptions, readPolicy } from '../policyFile.js';
import { CliError, type ExitCode, print, type Terminal, visible } from '../terminal.js';

/** Options of `verify`. */
export type VerifyOptions = PolicyOptions & {
  /** The folder of the seals. */
  readonly seals?: string;
  /** The folder with the files of closed months. */
  readonly files?: string;
  /** The store of the office, where the seals and the closings are recorded. */
  readonly office?: string;
  readonly institution?: string;
  /** The number and the total of a seal as they are known from elsewhere. */
  readonly anchor?: string;
  readonly json?: boolean;
};

/** What is wrong with an account, a seal or a file of a closed month. */
type VerifyFinding = { readonly code: string; readonly patronId: string | null; readonly message: string };

/**
 * Checks every event and every account: whether events can be read and fit, and whether the rows of each account agree
 * with one another. With seals, also whether the store still has what was sealed; with files, whether these are as the
 * closings of their months wrote them, which needs no accounts.
 */
export async function verify(
  terminal: Terminal,
  address: string | undefined,
  options: VerifyOptions,
): Promise<ExitCode> {
  const { seals, files, office, institution } = options;
  const needsOffice = seals !== undefined || files !== undefined;
  if ([office, institution].some((option) => (option !== undefined) !== needsOffice))
    throw new CliError(
      'Seals are verified with --seals FOLDER, files of months with --files FOLDER, both with --office STORE and --institution ID.',
    );
  if (address === undefined && (files === undefined || seals !== undefined))
    throw new CliError('A store or a file of events is missing: only --files needs none.');
  for (const folder of [seals, files])
    if (folder !== undefined && !existsSync(folder))
      throw new CliError(`${folder}: there is no such folder.`);
  const anchor = options.anchor === undefined ? undefined : anchorOf(options.anchor, seals !== undefined);
  const policy = await readPolicy(options);
  const totals = { accounts: 0, seals: 0, files: 0, findings: 0 };
  const found = async (finding: VerifyFinding, text = textOf(finding)) => {
    totals.findings += 1;
    await print(terminal, options.json ? `${JSON.stringify(finding)}\n` : `${visible(text)}\n`);
  };
  const onFault = (fault: LineFault) => found(fault, faultText(fault));
  /** Checks the accounts, and compares them with the seals. */
  const verifyAccounts = async (address: string): Promise<void> => {
    const source = await openSource(terminal, address);
    try {
      for await (const { stream, account } of foldedAccounts(
        terminal,
        source.name,
        source.events(onFault),
        onFault,
      )) {
        if (account === null) throw new CliError(ofOffice(source.name));
        totals.accounts += 1;
        const patronId = idOfLine({ stream } as EventLine);
        for (const violation of violations(account))
          await found({
            code: 'VIOLATION',
            patronId,
            message: `the rows do not agree: ${JSON.stringify(violation)}`,
          });
      }
      if (seals !== undefined && office !== undefined && institution !== undefined) {
        if (source.store === null) throw new CliError('Seals are of a store, not of a file.');
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
  };
  if (address !== undefined) await verifyAccounts(address);
  if (files !== undefined && office !== undefined && institution !== undefined) {
    const opened = await openOffice(office);
    try {
      const verified = await verifyMonthFiles(opened.store, { institution, folder: files });
      totals.files = verified.files;
      for (const { code, message } of verified.findings.first) await found({ code, patronId: null, message });
    } finally {
      await opened.close();
    }
  }
  const counts =
    files === undefined
      ? `${totals.accounts} accounts and ${totals.seals} seals`
      : `${totals.accounts} accounts, ${totals.seals} seals and ${totals.files} files of months`;
  await print(
    terminal,
    options.json ? `${JSON.stringify({ totals })}\n` : `${counts}, ${totals.findings} findings\n`,
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
