/**
 * Ports to the vendors and their clients. Each feature package has its port and sealed outcomes at its root; the
 * clients are package-private.
 */
@NullMarked
package ai.callmeback.vendors;

import org.jspecify.annotations.NullMarked;
