/** The local environment: dev Temporal, PostgreSQL, all apps and simulators as child processes. */
@NullMarked
package ai.callmeback.dev;

import org.jspecify.annotations.NullMarked;
