/** What can be bought and the life of a purchase. */
@NullMarked
package ai.callmeback.domain.purchase;

import org.jspecify.annotations.NullMarked;
