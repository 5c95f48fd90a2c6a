/** Streaming speech-to-text on a call's own event loop. */
@NullMarked
package ai.callmeback.vendors.stt;

import org.jspecify.annotations.NullMarked;
