/** One trace for each call, from the request that accepts it to the end of what follows it, for an OpenTelemetry collector. */
@NullMarked
package ai.callmeback.vendors.trace;

import org.jspecify.annotations.NullMarked;
