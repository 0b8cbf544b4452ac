import { accountsText, faultText, type LineFault } from '../eventLine.js';
import { openSource } from '../eventSource.js';
import { foldedAccounts } from '../foldedAccounts.js';
import { type ExitCode, print, type Terminal, visible } from '../terminal.js';

/** Checks every event of files or stores, and whether each can follow the events before it. */
export async function validate(
  terminal: Terminal,
  sources: readonly string[],
  { json = false }: { readonly json?: boolean },
): Promise<ExitCode> {
  const totals = { events: 0, accounts: 0, officeStreams: 0, faults: 0 };
  const onFault = async (fault: LineFault) => {
    totals.faults += 1;
    await print(terminal, json ? `${JSON.stringify(fault)}\n` : `${visible(faultText(fault))}\n`);
  };
  for (const address of sources) {
    const source = await openSource(terminal, address);
    const counted = async function* () {
      for await (const line of source.events(onFault)) {
        totals.events += 1;
        yield line;
      }
    };
    try {
      for await (const { account } of foldedAccounts(terminal, source.name, counted(), onFault))
        totals[account === null ? 'officeStreams' : 'accounts'] += 1;
    } finally {
      await source.close();
    }
  }
  const { events, faults } = totals;
  await print(
    terminal,
    json
      ? `${JSON.stringify({ totals })}\n`
      : `${events} readable events of ${accountsText(totals)}, ${faults} faults\n`,
  );
  return faults === 0 ? 0 : 1;
}
