import type { PrivacyAudit } from '../../../analysis/privacy/lossThreshold.ts';
import type { Membership } from '../../../analysis/privacy/membership.ts';
import type { PriceOfPrivacy } from '../../../analysis/privacy/price.ts';

/** What was measured; each is left out where it was not. */
export interface PrivacyParts {
  readonly audit?: PrivacyAudit;
  readonly membership?: Membership;
  readonly price?: PriceOfPrivacy;
}
