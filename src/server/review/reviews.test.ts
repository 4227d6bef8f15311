import { consentsAlone } from '../../../test/support/consents.ts';
import { reviewsSuite } from '../../../test/support/reviewsSuite.ts';

reviewsSuite(() => consentsAlone());
