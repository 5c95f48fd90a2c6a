/** Asks each vendor whether it is reachable and takes our key. */
@NullMarked
package ai.callmeback.vendors.probe;

import org.jspecify.annotations.NullMarked;
