import { isDeepStrictEqual } from 'node:util';
import { fold } from 'patron-fees';
import { summary } from 'patron-fees/views';
import {
  type AccountLine,
  accountsText,
  type EventLine,
  faultText,
  isOfficeLine,
  type LineFault,
  type Whose,
  whoseIs,
} from '../eventLine.js';
import { openSource } from '../eventSource.js';
import { divided, PARTS, type Parts } from '../eventsByAccount.js';
import { withoutPassword } from '../openStore.js';
import { type PolicyOptions, policyFor, readPolicy } from '../policyFile.js';
import { CliError, type ExitCode, print, report, type Terminal, table, visible } from '../terminal.js';

const figures = ['active', 'disputed', 'transferred', 'payable'] as const;

/** A balance by its name. */
type Figures = Readonly<Record<(typeof figures)[number], string>>;

/** An account, or a stream of the office, whose events differ. */
type Difference = Whose & {
  readonly institution: string | null;
  /** The first event that differs, from 1. */
  readonly event: number;
  /** The type of that event in both; null if a side has no such event. */
  readonly types: readonly [string | null, string | null];
  /** The line of that event in both files; null if a side has no such event or is a store. */
  readonly lines: readonly [number | null, number | null];
  /** The balances that differ, with both values. */
  readonly balances: Readonly<Record<string, readonly [string, string]>>;
};

/** Compares the events of two files or stores, account by account. */
export async function diff(
  terminal: Terminal,
  addresses: readonly [string, string],
  options: PolicyOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  if (addresses.every((address) => address === '-'))
    throw new CliError('Only one of both can be the standard input.');
  const policy = await readPolicy(options);
  const names = addresses.map(withoutPassword);
  let faults = 0;
  const onFault = (fault: LineFault) => {
    faults += 1;
    report(terminal, faultText(fault));
  };
  const both: Parts[] = [];
  const differences = { accounts: 0, officeStreams: 0, different: 0 };
  const balancesOf = (lines: readonly EventLine[]): Figures | undefined => {
    try {
      const account = fold((lines as readonly AccountLine[]).map(({ event }) => event));
      return summary(account, policyFor(policy, account.currency));
    } catch {
      return undefined;
    }
  };
  try {
    for (const address of addresses) {
      const source = await openSource(terminal, address);
      try {
        both.push(await divided(source.events(onFault)));
      } finally {
        await source.close();
      }
    }
    const count = both.some(({ isLarge }) => isLarge) ? PARTS : 1;
    for (let index = 0; index < count; index++) {
      terminal.signal.throwIfAborted();
      const [left, right] = [await byAccount(both[0], index, count), await byAccount(both[1], index, count)];
      for (const name of new Set([...left.keys(), ...right.keys()])) {
        const [ours, theirs] = [left.get(name) ?? [], right.get(name) ?? []];
        const isOffice = isOfficeLine((ours[0] ?? theirs[0]) as EventLine);
        differences[isOffice ? 'officeStreams' : 'accounts'] += 1;
        const difference = compare(ours, theirs, isOffice ? () => undefined : balancesOf);
        if (difference === undefined) continue;
        differences.different += 1;
        await print(terminal, options.json ? `${JSON.stringify(difference)}\n` : textOf(difference, names));
      }
    }
  } finally {
    for (const parts of both) await parts.remove();
  }
  const { different } = differences;
  await print(
    terminal,
    options.json
      ? `${JSON.stringify({ totals: { ...differences, faults } })}\n`
      : `${accountsText(differences)}, ${different} of them differ\n`,
  );
  return different + faults === 0 ? 0 : 1;
}

async function byAccount(
  parts: Parts | undefined,
  index: number,
  of: number,
): Promise<Map<string, EventLine[]>> {
  const accounts = new Map<string, EventLine[]>();
  for await (const line of parts?.part(index, of) ?? []) {
    const name = JSON.stringify(line.stream);
    const lines = accounts.get(name);
    if (lines === undefined) accounts.set(name, [line]);
    else lines.push(line);
  }
  return accounts;
}

function compare(
  left: readonly EventLine[],
  right: readonly EventLine[],
  balancesOf: (lines: readonly EventLine[]) => Figures | undefined,
): Difference | undefined {
  const length = Math.max(left.length, right.length);
  let first = 0;
  while (first < length && isSame(left[first], right[first])) first += 1;
  if (first === length) return undefined;
  const [ours, theirs] = [left[first], right[first]];
  const [was, is] = [balancesOf(left), balancesOf(right)];
  const unequal = figures.filter((figure) => was?.[figure] !== is?.[figure]);
  const line = (ours ?? theirs) as EventLine;
  return {
    institution: line.stream?.institution ?? null,
    ...whoseIs(line),
    event: first + 1,
    types: [ours?.event.type ?? null, theirs?.event.type ?? null],
    lines: [ours?.line || null, theirs?.line || null],
    balances: Object.fromEntries(
      unequal.map((figure) => [figure, [was?.[figure] ?? 'unreadable', is?.[figure] ?? 'unreadable']]),
    ),
  };
}

function isSame(ours: EventLine | undefined, theirs: EventLine | undefined): boolean {
  return isDeepStrictEqual(ours?.event, theirs?.event);
}

function textOf(difference: Difference, names: readonly string[]): string {
  const { institution, patronId, stream, event, types, lines, balances } = difference;
  const id = stream ?? patronId;
  const whose = id === null ? 'the account' : `${institution}/${id}`;
  const sides = names.map((name, side) => {
    const place = lines[side] === null ? name : `${name}:${lines[side]}`;
    return [place, types[side] ?? 'no event', ...Object.values(balances).map((values) => values[side] ?? '')];
  });
  const head = ['', 'event', ...Object.keys(balances)];
  return `${visible(`${whose}: event ${event} differs`)}\n${table([head, ...sides], '  ')}`;
}
