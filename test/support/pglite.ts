import { PGlite as Original } from '../../node_modules/@electric-sql/pglite/dist/index.js';

export * from '../../node_modules/@electric-sql/pglite/dist/index.js';

/** The files of a new database: to make them anew takes four times as long as to load them. */
const made = new Original();
await made.waitReady;
const loadDataDir = await made.dumpDataDir('none');
await made.close();

/** PGlite in memory, as tests and the code of pages get it. */
export class PGlite extends Original {
  constructor() {
    super({ loadDataDir });
  }
}
