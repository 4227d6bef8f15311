import { auditSuite } from '../../../test/support/auditSuite.ts';
import { openDatabase } from '../store/openDatabase.ts';

auditSuite(() => openDatabase(':memory:'));
