/**
 * Checks the messages of commits (`npm run commits`): a subject of at most 72 characters, and a body that says why. Older
 * commits than the one that added this file are left alone; a shallow clone checks those it has.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SUBJECT_CHARACTERS = 72;
const file = 'scripts/commits.ts';

const git = (...words: readonly string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim();

/** What is wrong with a commit's message: nothing, or one sentence for each fault. */
function faultsOf(commit: string): readonly string[] {
  const [subject = '', body = ''] = git('log', '-1', '--format=%s%x00%b', commit).split('\0');
  const name = `${commit.slice(0, 8)} "${subject}"`;
  const characters = [...subject].length;
  return [
    ...(characters > SUBJECT_CHARACTERS
      ? [`${name}: the subject has ${characters} characters, at most ${SUBJECT_CHARACTERS} are allowed`]
      : []),
    ...(body.trim() === '' ? [`${name}: the body is missing: it says why`] : []),
  ];
}

if (existsSync('.git')) {
  const added = git('log', '--diff-filter=A', '--format=%H', '--', file).split('\n').at(-1) ?? '';
  // Before the file is committed for the first time there is nothing to check.
  const commits =
    added === '' ? [] : [added, ...git('rev-list', '--no-merges', `${added}..HEAD`).split('\n')];
  const faults = commits.filter((commit) => commit !== '').flatMap(faultsOf);
  for (const fault of faults) console.error(fault);
  console.log(`${commits.length} commits checked, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
} else {
  console.log('no git history here: no commits checked');
}
