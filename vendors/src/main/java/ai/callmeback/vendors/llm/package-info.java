/** Streaming language model on a call's own event loop. */
@NullMarked
package ai.callmeback.vendors.llm;

import org.jspecify.annotations.NullMarked;
