/** The Temporal server of the local environment: found, downloaded, built, or at last run inside a JVM. */
@NullMarked
package ai.callmeback.dev.temporal;

import org.jspecify.annotations.NullMarked;
