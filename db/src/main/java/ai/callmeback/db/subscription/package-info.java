/** Subscriptions, their paid periods, and the calls that come under them. */
@NullMarked
package ai.callmeback.db.subscription;

import org.jspecify.annotations.NullMarked;
