/** The life of a subscription, and what a period of it allows. */
@NullMarked
package ai.callmeback.domain.subscription;

import org.jspecify.annotations.NullMarked;
