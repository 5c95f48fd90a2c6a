/** A real PostgreSQL for tests, here and (through this module's test jar) in every module above. */
@NullMarked
package ai.callmeback.db.testing;

import org.jspecify.annotations.NullMarked;
