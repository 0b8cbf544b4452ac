import '../../src/index.js';
import '../../src/overdue/index.js';
import '../../src/views/index.js';
