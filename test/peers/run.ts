import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileResult, failures, playFile, reportText } from './runFiles.js';

/** Plays files of scenarios, or FOLIO's if none is named: `npm run test:peers -- FILE...` */
const files = process.argv.slice(2);
/** npm runs this in the folder of the package, wherever it was called. */
const folder = process.env.INIT_CWD ?? '.';
const results = (files.length > 0 ? files : [fileURLToPath(new URL('folio.json', import.meta.url))]).map(
  (file): FileResult => {
    try {
      return playFile(file, readFileSync(resolve(folder, file), 'utf8'));
    } catch (error) {
      return {
        file,
        judged: [],
        malformed: [{ scenario: '(whole file)', problem: (error as Error).message }],
      };
    }
  },
);
process.stdout.write(reportText(results));
process.exitCode = failures(results) > 0 ? 1 : 0;
