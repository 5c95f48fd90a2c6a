/**
 * Sockets and JSON of the speech and language vendors: one connection lives on one event loop thread, frames are handed
 * over as they come, and texts that are sent often are written without building trees.
 */
@NullMarked
package ai.callmeback.simulators.wire;

import org.jspecify.annotations.NullMarked;
