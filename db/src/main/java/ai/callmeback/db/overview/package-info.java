/** What an operator looks at first: what waits, since when, and who is there to do it. */
@NullMarked
package ai.callmeback.db.overview;

import org.jspecify.annotations.NullMarked;
