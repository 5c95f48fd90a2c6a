/** The PostgreSQL of the local environment. */
@NullMarked
package ai.callmeback.dev.postgres;

import org.jspecify.annotations.NullMarked;
