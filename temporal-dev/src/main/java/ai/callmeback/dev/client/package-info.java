/** Speaks to a running environment from outside: our public API, and the simulators' control API. */
@NullMarked
package ai.callmeback.dev.client;

import org.jspecify.annotations.NullMarked;
