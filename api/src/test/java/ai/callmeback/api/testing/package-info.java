/** The whole API on a real PostgreSQL, for tests. */
@NullMarked
package ai.callmeback.api.testing;

import org.jspecify.annotations.NullMarked;
