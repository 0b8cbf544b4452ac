/** A file of the package: its bytes, the files that it imports, and the packages. */
export type BuiltFile = {
  readonly name: string;
  readonly size: number;
  readonly imports: readonly string[];
  readonly packages: readonly string[];
};

/** What loading takes, in microseconds of processor time: of a file, and of a byte of it. */
const FILE = 900;
const BYTE = 0.03;

type Group = { readonly files: readonly BuiltFile[]; readonly needs: ReadonlySet<Group> };

/**
 * Puts what entries share into fewer files, since a file takes as long to load as 30 kB of one: two become one as long as the
 * entries together load faster. No entry loads a package that it did not load before, and no two files need each other.
 * What is `alone` stays a file of its own.
 */
export function sharedFiles(
  files: readonly BuiltFile[],
  entries: ReadonlySet<string>,
  isAlone: (file: BuiltFile) => boolean,
): readonly (readonly string[])[] {
  let groups = groupsOf(files.map((file) => [file]));
  const isFixed = (group: Group) => group.files.some((file) => entries.has(file.name) || isAlone(file));
  const loadedBy = () =>
    groups.filter((group) => entries.has(nameOf(group))).map((group) => reachedFrom(group));
  const packages = loadedBy().map((loaded) => new Set(packagesOf(loaded)));
  for (;;) {
    const loads = loadedBy();
    const gainOf = (one: Group, other: Group): number =>
      loads.reduce((gain, loaded, index) => {
        if (loaded.has(one) && loaded.has(other)) return gain + FILE;
        if (!loaded.has(one) && !loaded.has(other)) return gain;
        const more = [...reachedFrom(loaded.has(one) ? other : one)].filter((group) => !loaded.has(group));
        const isNew = packagesOf(more).some((name) => !packages[index]?.has(name));
        return isNew
          ? Number.NEGATIVE_INFINITY
          : gain + FILE - more.reduce((sum, group) => sum + timeOf(group), 0);
      }, 0);
    const movable = groups.filter((group) => !isFixed(group));
    const best = movable
      .flatMap((one, index) =>
        movable.slice(index + 1).map((other) => ({ one, other, gain: gainOf(one, other) })),
      )
      .filter(({ one, other, gain }) => gain > 0 && !isBetween(one, other) && !isBetween(other, one))
      .reduce<{ one: Group; other: Group; gain: number } | undefined>(
        (most, pair) => (most !== undefined && most.gain >= pair.gain ? most : pair),
        undefined,
      );
    if (best === undefined) return groups.map((group) => group.files.map(({ name }) => name));
    const { one, other } = best;
    const rest = groups.filter((group) => group !== one && group !== other);
    groups = groupsOf([...rest.map((group) => group.files), [...one.files, ...other.files]]);
  }
}

function groupsOf(lists: readonly (readonly BuiltFile[])[]): readonly Group[] {
  const groups = lists.map((files) => ({ files, needs: new Set<Group>() }));
  const byName = new Map(groups.flatMap((group) => group.files.map(({ name }) => [name, group])));
  for (const group of groups)
    for (const name of group.files.flatMap(({ imports }) => imports)) {
      const needed = byName.get(name);
      if (needed !== undefined && needed !== group) group.needs.add(needed);
    }
  return groups;
}

const nameOf = ({ files: [file] }: Group) => file?.name ?? '';

const timeOf = ({ files }: Group) => FILE + BYTE * files.reduce((sum, { size }) => sum + size, 0);

const packagesOf = (groups: Iterable<Group>) =>
  [...groups].flatMap(({ files }) => files.flatMap(({ packages }) => packages));

/** The group, and all that it needs. */
function reachedFrom(group: Group, reached: Set<Group> = new Set()): Set<Group> {
  if (!reached.has(group)) {
    reached.add(group);
    for (const needed of group.needs) reachedFrom(needed, reached);
  }
  return reached;
}

/** Whether one needs the other by way of a third: together they would need, and be needed by, the third. */
const isBetween = (one: Group, other: Group) =>
  [...one.needs].some((needed) => needed !== other && reachedFrom(needed).has(other));
