import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { faultText, isOfficeLine, notJson } from '../eventLine.js';
import { openInput, openSource } from '../eventSource.js';
import { isStoreAddress, withoutPassword } from '../openStore.js';
import { CliError, type ExitCode, report, type Terminal } from '../terminal.js';
import { writeOutput } from '../writeOutput.js';

/** What a browser shows within seconds: about 5,000 events. With twice as many, each step takes seconds too. */
const STORY_CHARACTERS_MAX = 2_000_000;

/** The element of the page that a story is put into. */
const GIVEN = '<script type="application/json" id="given">';

/** Writes a page to step through a story: commands, or the events of one account or stream of the office. */
export async function explain(
  terminal: Terminal,
  address: string,
  { output = '-', ...whose }: Whose & { readonly output?: string },
): Promise<ExitCode> {
  if (output === '-' && (terminal.output as { isTTY?: boolean }).isTTY)
    throw new CliError('The page is for a browser: name its file with -o, such as -o page.html.');
  const { lines, faults } = isStoreAddress(address)
    ? await storeLines(terminal, address, whose)
    : await fileLines(terminal, address, whose);
  if (lines.length === 0) throw new CliError(`${withoutPassword(address)} has nothing to explain.`);
  const page = await readFile(terminal.files.explorer, 'utf8');
  // A function, because $ in a story would mean something in a replacement.
  const story = lines.join('\n').replaceAll('<', '\\u003c');
  await writeOutput(terminal, output, [page.replace(GIVEN, () => `${GIVEN}${story}`)]);
  return faults === 0 ? 0 : 1;
}

/** The account, or the stream of the office, that the user asked for. */
type Whose = {
  readonly patron?: string;
  readonly stream?: string;
  readonly institution?: string;
  readonly keys?: string;
};

type StoryLines = { readonly lines: readonly string[]; readonly faults: number };

async function fileLines(terminal: Terminal, address: string, whose: Whose): Promise<StoryLines> {
  const { input, name } = await openInput(terminal, address);
  const story = storyOf(name);
  let [number, faults] = [0, 0];
  const isShown = oneStream(name, whose);
  for await (const line of createInterface({ input })) {
    number += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    if (text.startsWith('['))
      throw new CliError(`${name}:${number}: expected a command or an event a line, found a list.`);
    let place: Place = {};
    try {
      place = Object(JSON.parse(text));
    } catch {
      faults += 1;
      const where = { source: name, line: number, patronId: null, version: null };
      report(terminal, faultText({ ...where, ...notJson(text) }));
    }
    if (typeof idOf(place) === 'string' && !isShown(place)) continue;
    story.add(text);
  }
  return { lines: story.lines, faults };
}

async function storeLines(terminal: Terminal, address: string, whose: Whose): Promise<StoryLines> {
  const id = whose.stream ?? whose.patron;
  if (id === undefined)
    throw new CliError(
      'Choose a patron of the store with --patron ID, or a stream of the office with --stream NAME.',
    );
  const source = await openSource(terminal, address, whose.keys);
  const isShown = oneStream(source.name, whose);
  const story = storyOf(source.name);
  let faults = 0;
  try {
    const events = source.events((fault) => {
      if (idOf(fault) !== id) return;
      faults += 1;
      report(terminal, faultText(fault));
    });
    for await (const line of events) {
      if (isOfficeLine(line) && whose.stream === undefined)
        throw new CliError(
          `${source.name}: its events are of the office. Choose a stream with --stream NAME.`,
        );
      const { stream, version, recordedAt, event } = line;
      if (stream === null || !isShown(stream)) continue;
      // Only events of the office say whose they are: how the page folds them depends on the name of their stream.
      story.add(JSON.stringify({ ...(isOfficeLine(line) && stream), version, recordedAt, event }));
    }
  } finally {
    await source.close();
  }
  return { lines: story.lines, faults };
}

/** Collects lines up to what a page can show. */
function storyOf(name: string) {
  const lines: string[] = [];
  let length = 0;
  return {
    lines,
    add(line: string): void {
      length += line.length;
      if (length > STORY_CHARACTERS_MAX)
        throw new CliError(
          `${name} is too long for a page, which shows up to 2 MB, about 5,000 events: make a page of its first lines.`,
        );
      lines.push(line);
    },
  };
}

/** What a line says of whose it is. */
type Place = {
  readonly institution?: string;
  readonly patronId?: string | null;
  readonly stream?: string;
};

function idOf({ stream, patronId }: Place): string | null | undefined {
  return stream ?? patronId;
}

/** Says of each account and stream whether it is the one to show. Throws if what the user asked for fits several. */
function oneStream(name: string, { patron, stream, institution }: Whose): (place: Place) => boolean {
  let only: Place | undefined;
  return (place) => {
    if (patron !== undefined && place.patronId !== patron) return false;
    if (stream !== undefined && place.stream !== stream) return false;
    if (place.institution !== (institution ?? place.institution)) return false;
    only ??= place;
    if (idOf(place) !== idOf(only))
      throw new CliError(
        `${name} has events of several patrons or streams: choose one with --patron ID or --stream NAME.`,
      );
    if (place.institution !== only.institution)
      throw new CliError(
        `${name} has events of ${idOf(place)} in several institutions: choose one with --institution ID.`,
      );
    return true;
  };
}
