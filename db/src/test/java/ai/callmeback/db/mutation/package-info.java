/** Takes guards out one by one, and sees that tests fail. */
@NullMarked
package ai.callmeback.db.mutation;

import org.jspecify.annotations.NullMarked;
