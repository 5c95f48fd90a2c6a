/** What finance decides about charges, after they were made. */
@NullMarked
package ai.callmeback.db.review;

import org.jspecify.annotations.NullMarked;
