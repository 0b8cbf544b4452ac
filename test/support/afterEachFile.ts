// Files share modules: what is here runs for each of them all the same.
import { afterAll } from 'vitest';
import { removeTemporaryFolders } from './temporaryFolder.js';

afterAll(removeTemporaryFolders);
