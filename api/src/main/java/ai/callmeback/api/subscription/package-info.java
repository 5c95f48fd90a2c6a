/** Subscriptions. The payment vendor is never asked here: the subscription's workflow does that. */
@NullMarked
package ai.callmeback.api.subscription;

import org.jspecify.annotations.NullMarked;
