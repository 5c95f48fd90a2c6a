/** Reading vendors' prices. */
@NullMarked
package ai.callmeback.activities.pricing;

import org.jspecify.annotations.NullMarked;
