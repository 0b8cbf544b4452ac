import { type RejectionType, rejectionKinds } from '../../src/index.js';
import { englishJobRejections } from '../../src/jobs/bulkWaive/notWaived.js';
import { englishPurgeRejections } from '../../src/jobs/retention/purgePolicy.js';
import { englishBankRejections } from '../../src/office/bank/bankRejection.js';
import { englishFileRejections } from '../../src/office/files/fileRejection.js';
import { englishOfficeRejections } from '../../src/office/officeDecision.js';
import { englishRemittanceRejections } from '../../src/office/remittances/remittanceRejection.js';
import { englishTillRejections } from '../../src/office/till/tillRejection.js';
import { englishOnlineRejections } from '../../src/online/onlineRejections.js';
import { englishSettlingRejections } from '../../src/online/settle/settling.js';
import { englishMergeRejections } from '../../src/patron/mergeRejection.js';
import { englishSealRejections } from '../../src/seals/sealRejection.js';
import type { AnyRejection } from '../../src/words/index.js';
import { otherRejections } from '../../test/support/otherRejections.js';
import { rejectionSentences } from '../../test/support/rejectionSentences.js';
import type { GeneratedBlocks } from './generatedBlocks.js';

/** What is refused, and the words of its rejections. */
const rooms: Readonly<Record<string, object>> = {
  'Commands to an account': rejectionSentences,
  'Every command of the office': englishOfficeRejections,
  Tills: englishTillRejections,
  'Money that another system handed over': englishRemittanceRejections,
  'The bank': englishBankRejections,
  'Files that are imported once': englishFileRejections,
  'Merging and separating accounts': englishMergeRejections,
  Seals: englishSealRejections,
  Jobs: { ...englishJobRejections, ...englishPurgeRejections },
  'Online payments': englishOnlineRejections,
  'What a person settles of online payments': englishSettlingRejections,
};

/** One rejection of each type, with its English sentence. */
const samples = new Map<string, readonly [kind: AnyRejection['kind'], sentence: string]>([
  ...Object.entries(rejectionSentences).map(
    ([type, [sample]]) => [type, [rejectionKinds[type as RejectionType], sample?.[1] ?? '']] as const,
  ),
  ...Object.entries(otherRejections).map(([type, [{ kind }, sentence]]) => [type, [kind, sentence]] as const),
]);

/** The tables of docs/concepts/all-rejections.md: every type with its kind, and its sentence for an example. */
export function rejectionTables(): GeneratedBlocks {
  const tables = Object.entries(rooms).map(([what, words]) => {
    const rows = Object.keys(words).map((type) => {
      const [kind, sentence] = samples.get(type) ?? [];
      return `| \`${type}\` | ${kind} | ${sentence} |`;
    });
    return [`## ${what}`, ['| type | kind | for example |', '|---|---|---|', ...rows].join('\n')].join(
      '\n\n',
    );
  });
  return { rejections: tables.join('\n\n') };
}

/** The types of all rejections. */
export const rejectionTypes: readonly string[] = [...samples.keys()];
