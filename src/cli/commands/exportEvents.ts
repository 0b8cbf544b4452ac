import { type EventLine, faultText, idOfLine, isOfficeLine } from '../eventLine.js';
import { openSource } from '../eventSource.js';
import { CliError, type ExitCode, report, type Terminal } from '../terminal.js';
import { writeOutput } from '../writeOutput.js';

/** What is written, where, and whether a line that cannot be read ends it; else it is reported and left out. */
export type ExportOptions = {
  readonly output?: string;
  readonly patron?: string;
  readonly stopsAtFault?: boolean;
  /** The store of the keys; encrypted texts are written as they are stored if it is left out. */
  readonly keys?: string;
};

/** Writes the events of a store or a file as JSON lines, with their places. */
export async function exportEvents(
  terminal: Terminal,
  address: string,
  { output = '-', patron, stopsAtFault = false, keys }: ExportOptions,
): Promise<ExitCode> {
  const source = await openSource(terminal, address, keys);
  let faults = 0;
  const lines = async function* () {
    const events = source.events((fault) => {
      if (stopsAtFault) throw new CliError(faultText(fault));
      faults += 1;
      report(terminal, faultText(fault));
    });
    let found = false;
    for await (const line of events) {
      if (patron !== undefined && (isOfficeLine(line) || idOfLine(line) !== patron)) continue;
      found = true;
      yield textOf(line);
    }
    if (patron !== undefined && !found) throw new CliError(`${source.name} has no events of ${patron}.`);
  };
  try {
    await writeOutput(terminal, output, lines());
  } finally {
    await source.close();
  }
  return faults === 0 ? 0 : 1;
}

/** Writes an event as a line that `readEventLine` reads. */
function textOf({ stream, version, recordedAt, event }: EventLine): string {
  const place = stream === null ? {} : { ...stream, version, recordedAt };
  return `${JSON.stringify(stream === null ? event : { ...place, event })}\n`;
}
